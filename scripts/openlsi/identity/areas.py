"""Postcode → LSOA, by a look-up that the user supplies in the ONSPD's file layout."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv as pc

from openlsi.home import Home

_POSTCODE, _AREA = "pcds", "lsoa21cd"


def find_lookup(home: Home) -> Path | None:
    """Return the first CSV of inbox/reference with the ONSPD's columns pcds and lsoa21cd."""
    for path in sorted((home.inbox / "reference").glob("*.csv")):
        if {_POSTCODE, _AREA} <= set(_header(path)):
            return path
    return None


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        return [name.strip().strip('"').lower() for name in file.readline().split(",")]


def load_areas(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Make table `postcode_area` (postcode without blanks → LSOA); empty without a look-up."""
    path = find_lookup(home)
    if path is None:
        connection.execute(
            "create or replace temp table postcode_area (postcode varchar, lsoa_code varchar)"
        )
        return
    names = _header(path)
    lookup = pc.read_csv(
        path,
        read_options=pc.ReadOptions(column_names=names, skip_rows=1, use_threads=False),
        convert_options=pc.ConvertOptions(
            include_columns=[_POSTCODE, _AREA],
            column_types={_POSTCODE: pa.string(), _AREA: pa.string()},
        ),
    )
    connection.register("postcode_lookup", lookup)
    connection.execute(
        f"""
        create or replace temp table postcode_area as
        -- any_value: the ONSPD lists a postcode once; a look-up that does not still gives one area
        select {postcode_sql(_POSTCODE)} as postcode, any_value({_AREA}) as lsoa_code
        from postcode_lookup
        where {_AREA} <> ''
        group by postcode
        """
    )
    connection.unregister("postcode_lookup")


def postcode_sql(text: str) -> str:
    """Return SQL for a postcode in capitals without blanks."""
    return f"replace(upper({text}), ' ', '')"
