select * from published.months
