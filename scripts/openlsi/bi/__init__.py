"""What a BI tool may reach: marts and metrics in PostgreSQL or a file, with their words."""
