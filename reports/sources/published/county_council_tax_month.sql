select * from published.county_council_tax_month
