select * from published.new_council_council_tax_month
