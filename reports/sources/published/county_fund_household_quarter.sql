select * from published.county_fund_household_quarter
