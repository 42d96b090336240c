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
    """Return the counts of which a whole is nought and shown, so that hiding them hides nothing."""
    told: set[int] = set()
    for whole, parts in _wholes(made):
        cell = figures.cells[whole]
        if cell.is_count and cell.shown == 0 and whole not in concealed:
            told.update(parts)
    return told


def _wholes(made: Lattice) -> list[tuple[int, tuple[int, ...]]]:
    sums = [(one.total, one.parts) for one in made.sums]
    return sums + [(whole, (part,)) for part, whole in made.wholes]
