select * from published.county_fund_strand_quarter
