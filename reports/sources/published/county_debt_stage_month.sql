select * from published.county_debt_stage_month
