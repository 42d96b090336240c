select * from published.ward_council_tax_month
