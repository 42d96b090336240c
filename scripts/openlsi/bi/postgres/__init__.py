"""Publishing to a PostgreSQL database: roles, tables, policies, rows."""
