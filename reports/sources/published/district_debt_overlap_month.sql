select * from published.district_debt_overlap_month
