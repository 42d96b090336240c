select * from published.campaign
