select * from published.district_cts_month
