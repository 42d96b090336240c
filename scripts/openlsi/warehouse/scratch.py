"""A file to try things in: the sources that dbt reads, laid into a file that no reader opens."""

from __future__ import annotations

from pathlib import Path

import duckdb

from openlsi.config import load_configuration
from openlsi.home import Home, private_folder
from openlsi.warehouse.errors import WarehouseError
from openlsi.warehouse.landed import landed_sources
from openlsi.warehouse.sources import lay_sources


def lay_scratch_file(home: Home, links: Path, scratch: Path) -> None:
    """Lay what is landed now, and a link set, into a scratch file; what else it holds stays.

    Laying again after a further load is how the file learns of it. The sources are views over the
    parquet in landing, so the file is as confidential as landing is. Raises WarehouseError for a
    file of a finished build: SQLMesh's own tables in it would break the next one.
    """
    if scratch.resolve().is_relative_to(home.generations.resolve()):
        raise WarehouseError(
            f"{scratch}: a file of a finished build; name a scratch file outside generations/"
        )
    private_folder(scratch.parent)
    with duckdb.connect(scratch) as con:
        con.execute("set memory_limit = '3GB'")
        con.execute("set TimeZone = 'UTC'")
        lay_sources(con, landed_sources(home, load_configuration(home), links))
    scratch.chmod(0o600)
