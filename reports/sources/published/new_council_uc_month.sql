select * from published.new_council_uc_month
