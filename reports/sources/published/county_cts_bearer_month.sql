select * from published.county_cts_bearer_month
