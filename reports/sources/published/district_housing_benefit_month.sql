select * from published.district_housing_benefit_month
