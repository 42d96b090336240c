select * from published.county_discretionary_fund_month
