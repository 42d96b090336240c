select * from published.official_peers
