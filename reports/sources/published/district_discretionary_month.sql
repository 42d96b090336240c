select * from published.district_discretionary_month
