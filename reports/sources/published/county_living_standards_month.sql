select * from published.county_living_standards_month
