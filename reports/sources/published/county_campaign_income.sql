select * from published.county_campaign_income
