select * from published.county_shortfall_move_month
