select * from published.match_rate
