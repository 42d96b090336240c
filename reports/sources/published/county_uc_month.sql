select * from published.county_uc_month
