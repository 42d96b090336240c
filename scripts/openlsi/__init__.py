"""Open LSI: an open living-standards warehouse for a county and its districts."""
