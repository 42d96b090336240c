"""The truth of the made extracts held against every later stage, shared by two suites."""
