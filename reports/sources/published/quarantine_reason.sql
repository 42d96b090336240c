select * from published.quarantine_reason
