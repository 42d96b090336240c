select * from published.county_debt_age_month
