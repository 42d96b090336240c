select * from published.new_council_cts_bearer_month
