"""What the current build tells of households: one read of its drill-down file for all of a pack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa

from openlsi.home import Home
from openlsi.packs.errors import PackError
from openlsi.warehouse.drill_down import DRILL_DOWN

Facts = dict[str, Any]
_TOGETHER = 256


@contextmanager
def drill_down(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the drill-down of the current build; raises PackError where there is none."""
    path = home.current / DRILL_DOWN
    if not path.is_file():
        raise PackError("the current build has no page of each household; run `lsi build --force`")
    # A look-up is too short to be shared out between threads.
    config: dict[str, str | bool | int | float | list[str]] = {"temp_directory": "", "threads": 1}
    with duckdb.connect(str(path), read_only=True, config=config) as con:
        con.execute("set enable_progress_bar = false")
        yield con


def household(con: duckdb.DuckDBPyConnection, district_code: str, key: str) -> Facts | None:
    """Return all that one household's page tells, or None for one that the build does not know."""
    found = con.execute(
        "select * from household where district_code = $code and household_key = $key",
        {"code": district_code, "key": key},
    )
    return next(_rows(found), None)


def households(
    con: duckdb.DuckDBPyConnection, district_code: str, keys: Sequence[str]
) -> Iterator[Facts]:
    """Yield the same of many households of one district, by key; those not known are left out."""
    con.register("asked", pa.table({"household_key": pa.array(list(keys), pa.string())}))
    found = con.execute(
        "select * from household where district_code = $code"
        " and household_key in (select household_key from asked) order by household_key",
        {"code": district_code},
    )
    yield from _rows(found)
    con.unregister("asked")


def _rows(found: duckdb.DuckDBPyConnection) -> Iterator[Facts]:
    names = [str(column[0]) for column in found.description or []]
    while rows := found.fetchmany(_TOGETHER):
        for row in rows:
            yield dict(zip(names, row, strict=True))
