"""A committee pack: chosen pages of a rendered site as one PDF, as members get it on paper."""
