"""Which places make up a larger one, such as the new councils of an option of reorganisation."""

from __future__ import annotations

import duckdb

from openlsi.disclosure.adding import Through
from openlsi.disclosure.lattice import Bridges
from openlsi.disclosure.spec import DisclosureError, Specs
from openlsi.disclosure.wording import quoted


def read_bridges(con: duckdb.DuckDBPyConnection, specs: Specs) -> Bridges:
    """Return the rows of each bridge that a table adds up through, by name; all as words.

    Raises DisclosureError naming the file where there is no such table or column in schema `seeds`.
    """
    found: dict[str, list[dict[str, str]]] = {}
    for spec in specs.values():
        for through in (addition.through for addition in spec.adds_to):
            if through:
                if through.table not in found:
                    found[through.table] = _rows(con, through.table)
                _check(spec.table, through, found[through.table])
    return found


def _rows(con: duckdb.DuckDBPyConnection, bridge: str) -> list[dict[str, str]]:
    names = [
        str(name)
        for (name,) in con.execute(
            "select column_name from information_schema.columns "
            "where table_schema = 'seeds' and table_name = ? order by ordinal_position",
            [bridge],
        ).fetchall()
    ]
    if not names:
        return []
    chosen = ", ".join(f"cast({quoted(name)} as varchar)" for name in names)
    rows = con.execute(f"select {chosen} from seeds.{quoted(bridge)} order by all").fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


def _check(table: str, through: Through, rows: list[dict[str, str]]) -> None:
    there = set(rows[0]) if rows else set()
    missing = sorted({*through.part, *through.whole.values()} - there)
    if missing:
        raise DisclosureError(
            f"{table}.yml: adds up through seeds.{through.table}.{missing[0]}, which is not there"
        )
