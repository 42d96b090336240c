"""A proposed Council Tax Support scheme against today's caseload."""
