select * from published.county_campaign
