"""How a build opens the file that it fills."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

# As `profiles.yml` has it for dbt: with Python and what DuckDB does not count, a county's build
# then stays under 4 GiB.
MEMORY_LIMIT = "2500MB"


def open_build(path: Path, spill: Path) -> duckdb.DuckDBPyConnection:
    """Open a file of the build with the settings that dbt's connection has."""
    con = duckdb.connect(str(path))
    con.execute("set memory_limit = ?", [os.environ.get("LSI_MEMORY_LIMIT", MEMORY_LIMIT)])
    con.execute(f"set temp_directory = '{spill}'")
    con.execute("set max_temp_directory_size = '20GB'")
    con.execute("set TimeZone = 'UTC'")
    return con
