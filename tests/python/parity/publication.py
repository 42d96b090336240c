"""The published data that both builds are made of: a small made-up county, kept as Parquet files.

The files are committed, so that what the real build was made of is at hand wherever the tests run,
and a change of a model asks for no new build as long as no page asks for the changed table.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

SCHEMA = "published"
# What is told of a build differs each time; pages and spreadsheets print it.
BUILD = "20261115T000000-00000000"
# The newest form of a DuckDB file that the real Evidence's own DuckDB reads.
STORAGE_VERSION = "v1.0.0"


def keep(publication: Path, folder: Path) -> None:
    """Write each table of a publication to a file of a folder, as of one and the same build.

    Raises ValueError for a table without rows: the real Evidence makes no table of none, and no
    page that reads it could be built.
    """
    with duckdb.connect() as con:
        con.execute("set threads = 1")
        con.execute(f"attach '{publication}' as source (read_only)")
        found = _tables(con, "source")
        empty = [
            name for name in found if not con.execute(f"from {_name(name)} limit 1").fetchall()
        ]
        if empty:
            raise ValueError(
                f"the publication has no row of {', '.join(empty)}; choose another county in PLAN "
                "and LIMITS of scripts/evidence_build.py"
            )
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.parquet"):
            old.unlink()
        for name in found:
            columns = [row[0] for row in con.execute(f"describe {_name(name)}").fetchall()]
            same = [f"'{BUILD}' as {c}" for c in ("build_id", "build_label") if c in columns]
            replaced = f"* replace ({', '.join(same)})" if same else "*"
            con.execute(
                f"copy (select {replaced} from {_name(name)} order by all)"
                f" to '{folder / name}.parquet' (format parquet, compression zstd)"
            )


def restore(folder: Path, publication: Path) -> Path:
    """Make a DuckDB file of the kept tables, which both builds can read; return its path."""
    publication.unlink(missing_ok=True)
    with duckdb.connect() as con:
        con.execute(f"attach '{publication}' as kept (storage_version '{STORAGE_VERSION}')")
        con.execute(f"create schema kept.{SCHEMA}")
        for path in sorted(folder.glob("*.parquet")):
            con.execute(f"create table kept.{SCHEMA}.{path.stem} as from '{path}'")
    return publication


def _tables(con: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    rows = con.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = ?"
        " order by all",
        [database, SCHEMA],
    ).fetchall()
    return [row[0] for row in rows]


def _name(table: str) -> str:
    return f"source.{SCHEMA}.{table}"
