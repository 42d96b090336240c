select * from published.ward_entitlement_month
