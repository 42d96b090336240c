"""What the current generation of a home holds, as one hash a table."""

from __future__ import annotations

import duckdb

from openlsi.home import Home
from openlsi.warehouse.building import PUBLISHED, SECURE
from openlsi.warehouse.content import content_hashes


def tables_held(home: Home) -> dict[str, str]:
    """Return a hash by `schema.table`, without the one table whose single row names the build."""
    tables: dict[str, str] = {}
    for name, schemas in ((SECURE, ("marts", "metrics", "slices")), (PUBLISHED, ("published",))):
        file = home.current / name
        if file.exists():
            with duckdb.connect(str(file.resolve()), read_only=True) as con:
                for schema in schemas:
                    tables |= {f"{schema}.{k}": v for k, v in content_hashes(con, schema).items()}
    tables.pop("published.build_info", None)
    return tables
