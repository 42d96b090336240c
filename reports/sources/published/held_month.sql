select * from published.held_month
