select * from published.district_uc_month
