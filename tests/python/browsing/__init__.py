"""Real Chromium for tests: driven by its own protocol, looked at by axe-core, walked by Tab."""
