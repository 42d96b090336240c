select * from published.district_campaign
