select * from published.official_collection
