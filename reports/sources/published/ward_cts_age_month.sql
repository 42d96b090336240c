select * from published.ward_cts_age_month
