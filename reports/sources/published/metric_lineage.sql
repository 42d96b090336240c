select * from published.metric_lineage
