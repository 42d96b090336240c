select * from published.district_living_standards_month
