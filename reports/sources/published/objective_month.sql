select * from published.objective_month
