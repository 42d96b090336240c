"""What an edition tells together with each one before it that neither tells alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from openlsi.disclosure.component import components
from openlsi.disclosure.figures import Cell, Figures
from openlsi.disclosure.lattice import Bridges, Lattice, lattice
from openlsi.disclosure.opening import ContradictionError
from openlsi.disclosure.release_ledger import Released
from openlsi.disclosure.released_figures import as_figures
from openlsi.disclosure.rules import Rules
from openlsi.disclosure.spec import Specs

Place = tuple[str, str, tuple[str | None, ...]]


@dataclass(frozen=True)
class Conflict:
    """A figure of which two editions tell more than they may, and how."""

    table: str
    column: str
    key: str
    why: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column} at {self.key}: {self.why}"


def conflicts(
    now: Released, earlier: Released, specs: Specs, rules: Rules, bridges: Bridges
) -> list[Conflict]:
    """Return what who has read both editions knows, taking figures to be what they were.

    Where one hides a figure and the other shows it, both are told; a hidden figure of either that
    follows from it is a conflict, and so are two neighbouring roundings of a small count, which
    differ by one household as like as not.
    """
    new, old = as_figures(now.tables, specs), as_figures(earlier.tables, specs)
    before = {_place(cell): cell for cell in old.cells}
    found = [*_two_roundings(new, before, rules), *_worked_out(new, old, rules, bridges)]
    return list(dict.fromkeys(found))


def _place(cell: Cell) -> Place:
    return cell.table, cell.column, cell.key


def _two_roundings(new: Figures, before: Mapping[Place, Cell], rules: Rules) -> Iterator[Conflict]:
    for cell in new.cells:
        other = before.get(_place(cell))
        if not cell.is_count or other is None or cell.shown is None or other.shown is None:
            continue
        lower = min(cell.shown, other.shown)
        if abs(cell.shown - other.shown) == rules.count_base and 0 < lower < rules.small_base:
            yield _conflict(cell, f"shown as {other.shown:g} before and as {cell.shown:g} now")


def _worked_out(new: Figures, old: Figures, rules: Rules, bridges: Bridges) -> Iterator[Conflict]:
    """Find hidden cells of either edition that follow from what both of them show."""
    both = _both(new, old, rules, bridges)
    hidden = {number for number, cell in enumerate(both.figures.cells) if cell.is_hidden}
    for numbers, component in components(both.figures, both.made, rules, hidden):
        if both.differs.isdisjoint(numbers):
            continue
        closed: set[int] = set()
        # Where it contradicts itself, figures are not what they were, and no more is told.
        with suppress(ContradictionError):
            for one, _ in component.given_away():
                closed.add(one.cell)
        for cell in sorted(closed):
            why = "hidden, and can be worked out from this edition and an earlier one together"
            yield _conflict(both.figures.cells[numbers[cell]], why)


@dataclass(frozen=True)
class _Both:
    """Two editions as one: a figure that may be the same in both is one cell."""

    figures: Figures
    made: Lattice
    differs: frozenset[int]


def _both(new: Figures, old: Figures, rules: Rules, bridges: Bridges) -> _Both:
    before = {_place(cell): cell for cell in old.cells}
    cells = [_with(cell, before.get(_place(cell)), rules) for cell in new.cells]
    differs = {number for number, cell in enumerate(new.cells) if cell != cells[number]}
    at = {_place(cell): number for number, cell in enumerate(new.cells)}
    numbers = []
    for cell in old.cells:
        number = at.get(_place(cell))
        if number is None or _is_another(cell, new.cells[number]):
            numbers.append(len(cells))
            other = None if number is None else new.cells[number]
            cells.append(_with(cell, other, rules))
        else:
            numbers.append(number)
            if cell.is_hidden != new.cells[number].is_hidden:
                differs.add(number)
    made, then = lattice(new, bridges), lattice(old, bridges)
    there = {*made.sums, *made.wholes}
    sums = [
        replace(one, total=numbers[one.total], parts=tuple(numbers[part] for part in one.parts))
        for one in then.sums
    ]
    wholes = [(numbers[part], numbers[whole]) for part, whole in then.wholes]
    more = [one for one in sums if one not in there]
    differs.update(cell for one in more for cell in (one.total, *one.parts))
    made.sums += more
    made.wholes += [pair for pair in wholes if pair not in there]
    return _Both(Figures(cells, new.tables), made, frozenset(differs))


def _is_another(cell: Cell, other: Cell) -> bool:
    """Say that both are shown, and not alike: the figure was revised between them."""
    return cell.shown is not None and other.shown is not None and cell.shown != other.shown


def _with(cell: Cell, other: Cell | None, rules: Rules) -> Cell:
    """Return a cell as who has seen the other edition knows it.

    A count that has passed from one rounding to the next was moved by one household, as a reader
    may take it, and so lay on the edge between the two.
    """
    if other is None or other.shown is None:
        return cell
    if cell.shown is None:
        return replace(cell, shown=other.shown, is_hidden=False)
    moved = cell.shown - other.shown
    if cell.is_count and abs(moved) == rules.count_base and other.shown and cell.shown:
        half = rules.count_base // 2
        return replace(cell, known=cell.shown - half if moved > 0 else cell.shown + half)
    return cell


def _conflict(cell: Cell, why: str) -> Conflict:
    return Conflict(cell.table, cell.column, ", ".join(str(word) for word in cell.key), why)
