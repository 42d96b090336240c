"""Evidence 40 projects rendered to static HTML, with no Node and no server."""
