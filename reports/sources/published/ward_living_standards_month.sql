select * from published.ward_living_standards_month
