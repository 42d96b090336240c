"""Work out hidden cells from what adds up, as who knows the rules and sees the tables could."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from openlsi.disclosure.bridges import read_bridges
from openlsi.disclosure.component import POUNDS, Component, components
from openlsi.disclosure.figures import Cell, Figures, as_published
from openlsi.disclosure.findings import Finding, shown_key
from openlsi.disclosure.lattice import Lattice, lattice
from openlsi.disclosure.noughts import noughts_of, told_anyway
from openlsi.disclosure.opening import Closed, ContradictionError
from openlsi.disclosure.rules import Rules
from openlsi.disclosure.spec import Specs


def worked_out(con: duckdb.DuckDBPyConnection, specs: Specs, rules: Rules) -> list[Finding]:
    """Return the hidden cells of schema `published` that all its tables together give away."""
    figures = as_published(con, specs)
    made = lattice(figures, read_bridges(con, specs))
    concealed = {number for number, cell in enumerate(figures.cells) if cell.is_hidden}
    findings = dict.fromkeys(
        [*_lone(figures, made, concealed), *_telling_noughts(figures, made, concealed)]
    )
    for numbers, component in components(figures, made, rules, concealed):
        try:
            for one, _ in component.given_away():
                findings[_finding(figures.cells[numbers[one.cell]], _why(one, component))] = None
        except ContradictionError:
            hidden = figures.cells[numbers[min(component.hidden)]]
            findings[_finding(hidden, "what is shown beside it does not add up")] = None
    return list(findings)


def _why(one: Closed, component: Component) -> str:
    if one.low == one.high == 0:
        return "can be worked out from what adds up, whatever the rounding"
    size = 1 if component.is_count else POUNDS
    return f"can be worked out to lie between {one.low * size:g} and {one.high * size:g}"


def _lone(figures: Figures, made: Lattice, concealed: set[int]) -> Iterator[Finding]:
    for one in made.sums:
        lone = concealed.intersection((one.total, *one.parts))
        if len(lone) == 1 and not one.is_within_row:
            why = "the only hidden cell of a total and its parts"
            yield _finding(figures.cells[lone.pop()], why)


def _telling_noughts(figures: Figures, made: Lattice, concealed: set[int]) -> Iterator[Finding]:
    """Find noughts that tell where all of the few are, since their whole is hidden."""
    told = told_anyway(figures, made, concealed)
    for whole, parts in noughts_of(figures, made).items():
        for part in sorted(parts - told - concealed) if whole in concealed else []:
            yield _finding(figures.cells[part], "nought of a hidden total")


def _finding(cell: Cell, why: str) -> Finding:
    return Finding(cell.table, cell.column, shown_key(cell.key), why)
