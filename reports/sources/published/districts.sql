select * from published.districts
