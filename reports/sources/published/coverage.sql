select * from published.coverage
