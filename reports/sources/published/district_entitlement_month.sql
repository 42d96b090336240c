select * from published.district_entitlement_month
