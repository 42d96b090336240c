"""Published figures as the release ledger keeps them, and put together again from it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from openlsi.disclosure.figures import Cell, Figures, Table
from openlsi.disclosure.release_ledger import Rows
from openlsi.disclosure.spec import Specs, TableSpec

HIDDEN = "c"


def as_rows(figures: Figures, specs: Specs, build_id: str) -> dict[str, Rows]:
    """Return the figures of each table by row.

    A table without months tells of all that is in force in a build, so that its rows are others in
    each: the build is then part of their words.
    """
    found: dict[str, Rows] = {}
    for name, table in figures.tables.items():
        words = row_words(specs[name], specs)
        rows: Rows = {}
        for row in range(table.length):
            told = [table.words[word][row] for word in words]
            if "month" not in specs[name].keys:
                told.append(build_id)
            rows[json.dumps(told)] = {
                column: _shown(figures, cells[row]) for column, cells in table.cells.items()
            }
        found[name] = rows
    return found


def row_words(spec: TableSpec, specs: Specs) -> list[str]:
    """Return the columns that tell a row, and those by which it is found to add up."""
    names = dict.fromkeys(spec.keys)
    for addition in spec.adds_to:
        through = addition.through.part.values() if addition.through else ()
        names |= dict.fromkeys((*addition.match.values(), *addition.only, *through))
    for other in specs.values():
        for addition in other.adds_to:
            if addition.table == spec.table:
                names |= dict.fromkeys(addition.keys_there)
    return list(names)


def as_figures(tables: Mapping[str, Rows], specs: Specs) -> Figures:
    """Return an edition's figures as they were published, for tables that are still described."""
    cells: list[Cell] = []
    found = {}
    for name, rows in tables.items():
        spec = specs.get(name)
        if spec and spec.status == "controlled":
            found[name] = _table(spec, row_words(spec, specs), rows, cells)
    return Figures(cells, found)


def _table(spec: TableSpec, names: list[str], rows: Rows, cells: list[Cell]) -> Table:
    words: dict[str, list[str | None]] = {name: [] for name in names}
    columns = [column for column in spec.columns if column.kind in ("count", "pounds")]
    placed: dict[str, list[int | None]] = {column.name: [] for column in columns}
    # What a row was told by may be described otherwise by now; then nothing is known of its sums.
    alike = {key: row for key, row in rows.items() if len(json.loads(key)) >= len(names)}
    for number, (key, row) in enumerate(alike.items()):
        told = dict(zip(names, json.loads(key), strict=False))
        for name in names:
            words[name].append(told[name])
        for column in columns:
            value = row.get(column.name)
            if value is None:
                placed[column.name].append(None)
                continue
            placed[column.name].append(len(cells))
            is_hidden = value == HIDDEN
            cells.append(
                Cell(
                    spec.table, column.name, tuple(json.loads(key)), number,
                    column.kind == "count", None if is_hidden else float(value), is_hidden,
                )
            )  # fmt: skip
    return Table(spec, words, placed)


def _shown(figures: Figures, number: int | None) -> float | str | None:
    if number is None:
        return None
    cell = figures.cells[number]
    return HIDDEN if cell.is_hidden else cell.shown
