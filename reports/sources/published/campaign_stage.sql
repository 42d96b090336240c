select * from published.campaign_stage
