"""Which further cells must be hidden, since they would give the hidden ones away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import duckdb

from openlsi.disclosure.bridges import read_bridges
from openlsi.disclosure.choice import further
from openlsi.disclosure.component import components
from openlsi.disclosure.figures import Figures, before_release
from openlsi.disclosure.lattice import Lattice, lattice
from openlsi.disclosure.noughts import noughts_of, told_anyway
from openlsi.disclosure.rules import Rules
from openlsi.disclosure.spec import Specs
from openlsi.disclosure.wording import hidden, working_table


def hide_more(con: duckdb.DuckDBPyConnection, specs: Specs, rules: Rules) -> int:
    """Hide what the cells hidden so far would give away, in all tables; return how many that were.

    Hiding one cell can bare another, in this table or one below it, so it goes round until nothing
    more has to be hidden. Cells are only ever added, so it ends.
    """
    figures = before_release(con, specs, rules)
    made = lattice(figures, read_bridges(con, specs))
    concealed = {number for number, cell in enumerate(figures.cells) if cell.is_hidden}
    # Nought of a small whole is hidden at first sight, and pounds with it: no use where another
    # total tells it.
    told = told_anyway(figures, made, concealed) & concealed
    told |= {then for count in told for then in made.follows.get(count, ())} & concealed
    _write(con, figures, told, is_hidden=False)
    concealed -= told
    first = set(concealed)
    while True:
        before = len(concealed)
        _hide_what_follows(figures, made, concealed)
        for numbers, component in components(figures, made, rules, concealed):
            concealed.update(numbers[cell] for cell in further(component))
        if len(concealed) == before:
            break
    _write(con, figures, concealed - first, is_hidden=True)
    return len(concealed - first)


def _hide_what_follows(figures: Figures, made: Lattice, concealed: set[int]) -> None:
    """Hide pounds with their counts, years to date with their months, noughts with their wholes."""
    noughts = noughts_of(figures, made)
    told = told_anyway(figures, made, concealed)
    waiting = list(concealed)
    while waiting:
        cell = waiting.pop()
        for then in (*made.follows.get(cell, ()), *(noughts.get(cell, frozenset()) - told)):
            if then not in concealed:
                concealed.add(then)
                waiting.append(then)


def _write(
    con: duckdb.DuckDBPyConnection, figures: Figures, numbers: Iterable[int], *, is_hidden: bool
) -> None:
    """Set the flags of these cells in the working tables."""
    by_column: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number in numbers:
        cell = figures.cells[number]
        by_column[cell.table, cell.column].append(cell.row)
    for (table, column), rows in by_column.items():
        con.execute(
            f"update {working_table(table)} set {hidden(column)} = {is_hidden} "
            f"where rowid in ({', '.join(str(row) for row in rows)})"
        )
