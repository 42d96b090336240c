select * from published.build_info
