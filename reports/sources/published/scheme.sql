select * from published.scheme
