"""The physical layouts in which the made-up districts send their extracts."""
