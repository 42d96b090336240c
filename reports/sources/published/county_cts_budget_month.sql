select * from published.county_cts_budget_month
