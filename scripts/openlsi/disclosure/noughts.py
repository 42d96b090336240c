"""Noughts that tell: none of a hidden whole says where all of its few are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set

from openlsi.disclosure.figures import Figures
from openlsi.disclosure.lattice import Lattice


def noughts_of(figures: Figures, made: Lattice) -> dict[int, Set[int]]:
    """Return the counts of nought that each whole holds."""
    found: dict[int, set[int]] = defaultdict(set)
    for whole, parts in _wholes(made):
        if figures.cells[whole].is_count:
            found[whole].update(part for part in parts if figures.cells[part].shown == 0)
    return dict(found)


def told_anyway(figures: Figures, made: Lattice, concealed: Set[int]) -> set[int]:
    """Return the counts of nought that hiding does not hide.

    A whole that is nought and shown tells all of its parts, and parts that are all nought and shown
    tell their total; what is told so is as good as shown.
    """
    hidden, told = set(concealed), set[int]()
    size = -1
    while size != len(told):
        size = len(told)
        for whole, parts in _wholes(made):
            if _is_nought(figures, whole) and whole not in hidden:
                told.update(parts)
        for one in made.sums:
            if all(_is_nought(figures, part) and part not in hidden for part in one.parts):
                told.add(one.total)
        hidden -= told
    return told


def _is_nought(figures: Figures, number: int) -> bool:
    cell = figures.cells[number]
    return cell.is_count and cell.shown == 0


def _wholes(made: Lattice) -> list[tuple[int, tuple[int, ...]]]:
    sums = [(one.total, one.parts) for one in made.sums]
    return sums + [(whole, (part,)) for part, whole in made.wholes]
