"""Packs of a district's households for its officers: chosen, named from the vault, and sealed."""
