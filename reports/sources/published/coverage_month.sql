select * from published.coverage_month
