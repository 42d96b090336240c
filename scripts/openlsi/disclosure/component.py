"""One part of the lattice by itself: cells that hang together, and what a reader asks of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from openlsi.disclosure.figures import Cell, Figures
from openlsi.disclosure.lattice import Lattice, Sum
from openlsi.disclosure.opening import Closed, Question, closed
from openlsi.disclosure.rules import OPEN_VALUES, Rules

Bounds = tuple[float, float]

# Pounds are given away where they are known to an eighth either way; the tenth, and some to spare.
_EIGHTH_EITHER_WAY = 0.25
# Three hidden parts or more were each hidden for being small, as a reader may take it.
_MANY = 3
# A thousand pounds is one, so that the numbers of a program are of one size.
POUNDS = 1000.0
_STRUCTURE = 100.0


@dataclass(frozen=True)
class Component:
    """Cells numbered from 0, by what they would be known to be between if they were shown.

    `small` is the most that a count hidden for its own sake can be, `small_base` a whole of which
    none or all is hidden too; `step` what pounds are rounded to.
    """

    is_count: bool
    bounds: tuple[Bounds, ...]
    sums: tuple[Sum, ...]
    wholes: tuple[tuple[int, int], ...]
    hidden: frozenset[int]
    small_own: frozenset[int]
    costs: tuple[float | None, ...]
    small: int
    small_base: int
    step: float

    def hiding(self, more: Iterable[int]) -> Component:
        """Return the same with more cells hidden."""
        return replace(self, hidden=self.hidden | frozenset(more))

    @property
    def candidates(self) -> frozenset[int]:
        """The cells that may still be hidden."""
        told = frozenset(cell for cell, cost in enumerate(self.costs) if cost is not None)
        return told - self.hidden

    def given_away(self) -> Iterator[tuple[Closed, frozenset[int]]]:
        """Return the hidden cells that a reader can work out, with those that could prevent it."""
        for question, more in self._questions():
            for one in closed(question):
                if one.because is None:
                    yield one, self.candidates
                    continue
                prevents = (one.because & self.candidates) | more
                yield one, prevents | self._wholes_of(one.because)

    def _questions(self) -> Iterator[tuple[Question, frozenset[int]]]:
        yield self._structure(), frozenset()
        yield self._values({}), frozenset()
        if self.is_count:
            many = self._surely_small()
            if many:
                small = dict.fromkeys((cell for one in many for cell in one.parts
                                       if cell in self.hidden), float(self.small))  # fmt: skip
                loosens = {cell for one in many for cell in (one.total, *one.parts)}
                yield self._values(small), self.candidates & loosens

    def _structure(self) -> Question:
        """Ask what follows whoever knows the shown cells exactly, whatever they are."""
        far = [_STRUCTURE if cell in self.hidden else 0.0 for cell in range(len(self.bounds))]
        sums = [one for one in self.sums if not one.is_within_row]
        named = {cell for one in sums for cell in (one.total, *one.parts)}
        return Question(
            low=tuple(-one for one in far),
            high=tuple(far),
            nought=_noughts(sums),
            at_most=(),
            wanted=tuple(sorted(self.hidden & named)),
            least=1.0,
        )

    def _values(self, most: dict[int, float]) -> Question:
        """Ask what follows from the figures shown, each within its rounding."""
        far = 10 * (1 + sum(max(abs(low), abs(high)) for at, (low, high) in enumerate(self.bounds)
                            if at not in self.hidden))  # fmt: skip
        low, high = [], []
        nought_at_least = self._may_be_nought()
        for cell, bounds in enumerate(self.bounds):
            if cell not in self.hidden:
                low.append(bounds[0])
                high.append(bounds[1])
                continue
            at_least = (0.0 if cell in nought_at_least else 1.0) if self.is_count else -far
            low.append(at_least)
            high.append(most.get(cell, far))
        return Question(
            low=tuple(low),
            high=tuple(high),
            nought=_noughts(one for one in self.sums if not one.is_rough),
            at_most=self.wholes,
            wanted=tuple(sorted(self.hidden)),
            least=OPEN_VALUES - 1 if self.is_count else self.step,
            share=0.0 if self.is_count else _EIGHTH_EITHER_WAY,
            is_whole=self.is_count,
        )

    def _may_be_nought(self) -> set[int]:
        """Return the counts of which nought is hidden too: of a hidden or a small whole."""
        found = {
            part for part, whole in self.wholes
            if whole in self.hidden or self.bounds[whole][1] < self.small_base
        }  # fmt: skip
        for one in self.sums:
            if one.total in self.hidden:
                found.update(one.parts)
        return found

    def _surely_small(self) -> list[Sum]:
        found = []
        for one in self.sums:
            concealed = self.hidden.intersection(one.parts)
            if (
                one.total not in self.hidden
                and len(concealed) >= _MANY
                and concealed <= self.small_own
            ):
                found.append(one)
        return found

    def _wholes_of(self, cells: frozenset[int]) -> frozenset[int]:
        """Return the totals of hidden parts: hide one, and its parts may be nought."""
        concealed = cells & self.hidden
        found = {whole for part, whole in self.wholes if part in concealed}
        found |= {one.total for one in self.sums if concealed.intersection(one.parts)}
        return self.candidates & found


def _noughts(sums: Iterable[Sum]) -> tuple[tuple[tuple[int, int], ...], ...]:
    return tuple(((one.total, -1), *((part, 1) for part in one.parts)) for one in sums)


def components(
    figures: Figures, made: Lattice, rules: Rules, hidden: set[int]
) -> Iterator[tuple[list[int], Component]]:
    """Return the parts of the lattice with a hidden cell, with the number of each cell in all."""
    groups = _Groups(len(figures.cells))
    for one in made.sums:
        for part in one.parts:
            groups.join(one.total, part)
    for part, whole in made.wholes:
        groups.join(part, whole)
    wanted = {groups.of(cell) for cell in hidden}
    cells: dict[int, list[int]] = defaultdict(list)
    for cell in range(len(figures.cells)):
        group = groups.of(cell)
        if group in wanted:
            cells[group].append(cell)
    sums, wholes = defaultdict(list), defaultdict(list)
    for one in made.sums:
        sums[groups.of(one.total)].append(one)
    for pair in made.wholes:
        wholes[groups.of(pair[0])].append(pair)
    nought = _known_noughts(figures, made, hidden)
    for group, numbers in cells.items():
        yield _component(figures, made, rules, hidden, nought, numbers, sums[group], wholes[group])


def _component(
    figures: Figures,
    made: Lattice,
    rules: Rules,
    hidden: set[int],
    nought: set[int],
    numbers: list[int],
    sums: list[Sum],
    wholes: list[tuple[int, int]],
) -> tuple[list[int], Component]:
    ordered = sorted(numbers, key=lambda number: _order(figures, number))
    place = {number: at for at, number in enumerate(ordered)}
    is_count = figures.cells[ordered[0]].is_count
    return ordered, Component(
        is_count=is_count,
        bounds=tuple(
            (0.0, 0.0) if number in hidden else _bounds(figures, number, rules)
            for number in ordered
        ),
        sums=tuple(
            replace(one, total=place[one.total], parts=tuple(place[part] for part in one.parts))
            for one in sums
        ),
        wholes=tuple((place[part], place[whole]) for part, whole in wholes),
        hidden=frozenset(place[number] for number in ordered if number in hidden),
        small_own=frozenset(
            place[number] for number in ordered if _is_small(figures.cells[number], rules)
        ),
        costs=tuple(
            None if number in nought else _cost(figures, made, number, at / len(ordered))
            for at, number in enumerate(ordered)
        ),
        small=rules.threshold - 1,
        small_base=rules.small_base,
        step=rules.pounds_base / POUNDS,
    )


def _is_small(cell: Cell, rules: Rules) -> bool:
    """Say whether a figure is hidden for being small itself, not for what it leaves of a whole."""
    return cell.is_own and cell.exact is not None and cell.exact < rules.threshold


def _order(figures: Figures, number: int) -> tuple[str, tuple[str, ...], int]:
    cell = figures.cells[number]
    return cell.table, tuple(word or "" for word in cell.key), -number


def _cost(figures: Figures, made: Lattice, number: int, rank: float) -> float:
    """Return what is lost by hiding a cell: a headline is worth more than all of its parts.

    Nothing of it depends on a figure. Whoever knew a cell to be hidden for being the smallest could
    narrow it; in the order of keys the same is hidden month after month, which leaves fewer gaps.
    """
    cell = figures.cells[number]
    return float(30 ** made.levels[cell.table, cell.column] * (1 + rank / 2))


def _bounds(figures: Figures, number: int, rules: Rules) -> Bounds:
    cell = figures.cells[number]
    if cell.known is not None:
        return (cell.known, cell.known)
    if cell.shown is None:
        return (0.0, 0.0)
    if not cell.is_count:
        half = rules.pounds_base / 2 / POUNDS
        return (cell.shown / POUNDS - half, cell.shown / POUNDS + half)
    if cell.shown == 0:
        return (0.0, 0.0)
    half = rules.count_base // 2
    return (max(cell.shown - half, float(rules.threshold)), cell.shown + half)


def _known_noughts(figures: Figures, made: Lattice, hidden: set[int]) -> set[int]:
    """Return cells that it would be no use to hide: counts of nobody, and pounds of nobody."""
    found = {
        number for number, cell in enumerate(figures.cells)
        if cell.is_count and cell.shown == 0
    }  # fmt: skip
    return found | {then for count in found - hidden for then in made.follows.get(count, [])}


class _Groups:
    """Which cells hang together (disjoint sets)."""

    def __init__(self, size: int) -> None:
        self._over = list(range(size))

    def of(self, cell: int) -> int:
        over = self._over
        while over[cell] != cell:
            over[cell] = over[over[cell]]
            cell = over[cell]
        return cell

    def join(self, one: int, other: int) -> None:
        first, second = self.of(one), self.of(other)
        if first != second:
            self._over[max(first, second)] = min(first, second)
