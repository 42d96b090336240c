select * from published.county_entitlement_month
