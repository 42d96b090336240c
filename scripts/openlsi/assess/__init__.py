"""Households of a file through the warehouse's own rules of entitlement."""
