select * from published.county_uc_deduction_month
