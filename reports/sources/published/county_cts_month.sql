select * from published.county_cts_month
