select * from published.new_council
