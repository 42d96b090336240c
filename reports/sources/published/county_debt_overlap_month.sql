select * from published.county_debt_overlap_month
