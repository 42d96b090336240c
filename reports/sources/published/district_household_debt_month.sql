select * from published.district_household_debt_month
