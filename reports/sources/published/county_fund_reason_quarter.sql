select * from published.county_fund_reason_quarter
