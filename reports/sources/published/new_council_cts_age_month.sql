select * from published.new_council_cts_age_month
