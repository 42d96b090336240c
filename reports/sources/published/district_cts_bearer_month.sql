select * from published.district_cts_bearer_month
