select * from published.county_discretionary_reason_month
