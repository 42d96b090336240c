"""What a county steers by: objectives with targets, and the figures of its strategic pack."""
