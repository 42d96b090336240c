select * from published.entitlement_limit
