select * from published.metric_definitions
