select * from published.county_ct_support
