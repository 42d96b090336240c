"""What the current generation of a home holds, as one hash a table."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

from openlsi.home import Home
from openlsi.warehouse.building import PUBLISHED, SECURE
from openlsi.warehouse.content import content_hashes

_SCHEMAS = {SECURE: ("marts", "metrics", "slices"), PUBLISHED: ("published",)}
# By name and bytes of the file: after a kill it is mostly that of before, and to hash every table
# of it again takes a hundred times as long as to see so.
_told: dict[tuple[str, str], dict[str, str]] = {}
_KEPT = 32


def tables_held(home: Home) -> dict[str, str]:
    """Return a hash by `schema.table`, without the one table whose single row names the build."""
    tables: dict[str, str] = {}
    for name in _SCHEMAS:
        file = home.current / name
        if file.exists():
            tables |= _tables_of(file.resolve())
    tables.pop("published.build_info", None)
    return tables


def _tables_of(file: Path) -> dict[str, str]:
    key = file.name, _digest(file)
    if key not in _told:
        while len(_told) >= _KEPT:
            del _told[next(iter(_told))]
        with duckdb.connect(str(file), read_only=True) as con:
            _told[key] = {
                f"{schema}.{table}": told
                for schema in _SCHEMAS[file.name]
                for table, told in content_hashes(con, schema).items()
            }
    return _told[key]


def _digest(file: Path) -> str:
    """Return a hash of a warehouse's bytes, with those of a log that was not taken in yet."""
    digest = hashlib.sha256()
    for part in (file, file.with_name(f"{file.name}.wal")):
        if part.exists():
            with part.open("rb") as opened:
                digest.update(hashlib.file_digest(opened, "sha256").digest())
    return digest.hexdigest()
