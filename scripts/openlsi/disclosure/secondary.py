"""Which further cells must be hidden, since they would give the hidden ones away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import duckdb

from openlsi.disclosure.bridges import read_bridges
from openlsi.disclosure.choice import further
from openlsi.disclosure.component import components
from openlsi.disclosure.figures import Figures, before_release
from openlsi.disclosure.findings import shown_key
from openlsi.disclosure.lattice import Lattice, lattice
from openlsi.disclosure.noughts import noughts_of, told_anyway
from openlsi.disclosure.rules import Rules
from openlsi.disclosure.spec import DisclosureError, Specs
from openlsi.disclosure.wording import hidden, working_table

# Pounds come as floating numbers here, each as far from its pence.
_HALF_A_PENNY = 0.005


def hide_more(con: duckdb.DuckDBPyConnection, specs: Specs, rules: Rules) -> int:
    """Hide what the cells hidden so far would give away, in all tables; return how many that were.

    Hiding one cell can bare another, in this table or one below it, so it goes round until nothing
    more has to be hidden. Cells are only ever added, so it ends.
    """
    figures = before_release(con, specs, rules)
    made = lattice(figures, read_bridges(con, specs))
    _check_that_it_adds_up(figures, made)
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


def _check_that_it_adds_up(figures: Figures, made: Lattice) -> None:
    """Hold the exact figures against what the tables' files say adds up.

    Of what does not add up nothing can be proved, so a file that says so is refused. Years to date
    are left out: no file says of which months they are made.
    """
    running = set(made.running)
    for one in (one for one in made.sums if not one.is_rough and one not in running):
        total, parts = figures.cells[one.total], [figures.cells[part] for part in one.parts]
        added = sum(part.exact or 0.0 for part in parts)
        if abs((total.exact or 0.0) - added) > _HALF_A_PENNY * (1 + len(parts)):
            key = shown_key(total.key)
            raise DisclosureError(
                f"{parts[0].table}.{parts[0].column}: the parts of {total.table}.{total.column} at"
                f" {key} come to {added:g}, and it is {total.exact:g}; its file says they add up"
            )


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
