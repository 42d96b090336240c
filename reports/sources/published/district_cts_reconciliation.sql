select * from published.district_cts_reconciliation
