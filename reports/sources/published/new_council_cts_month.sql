select * from published.new_council_cts_month
