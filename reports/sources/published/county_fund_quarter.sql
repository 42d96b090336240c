select * from published.county_fund_quarter
