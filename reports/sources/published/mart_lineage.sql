select * from published.mart_lineage
