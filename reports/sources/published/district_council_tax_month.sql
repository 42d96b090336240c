select * from published.district_council_tax_month
