"""The documentation of a dbt project as pages of the site, from its manifest and no data."""
