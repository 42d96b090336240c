select * from published.new_council_member
