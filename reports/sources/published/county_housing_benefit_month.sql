select * from published.county_housing_benefit_month
