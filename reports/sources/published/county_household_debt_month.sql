select * from published.county_household_debt_month
