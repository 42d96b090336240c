"""The fault list: what each fault of a delivery comes to in each feed, on real files."""
