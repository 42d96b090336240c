select * from published.authorities
