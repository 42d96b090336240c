select * from published.ward_cts_month
