select * from published.county_discretionary_month
