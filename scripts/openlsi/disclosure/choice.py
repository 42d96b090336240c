"""Which further cells to hide, at least loss, so that a reader can work out no hidden one."""

from __future__ import annotations

from functools import lru_cache

from openlsi.disclosure.component import Component
from openlsi.disclosure.opening import ContradictionError, cheapest_cover

# Each round adds what the last choice did not think of; few need more than five.
_MOST_ROUNDS = 60
_KEPT_ANSWERS = 50_000


@lru_cache(maxsize=_KEPT_ANSWERS)
def further(component: Component) -> frozenset[int]:
    """Return the cells to hide besides those that are hidden.

    Each way in which a reader works out a hidden cell needs the bounds of certain shown cells, so
    one of these must be hidden; the cheapest cells that meet all ways found so far are chosen, and
    the reader looks again, until nothing is found. Where no choice helps, all are hidden.
    """
    chosen: frozenset[int] = frozenset()
    cuts: list[tuple[int | None, frozenset[int]]] = []
    costs = {cell: cost for cell, cost in enumerate(component.costs) if cost is not None}
    for _ in range(_MOST_ROUNDS):
        try:
            found = list(component.hiding(chosen).given_away())
        except ContradictionError:
            # What should add up does not, so nothing can be proved of it.
            return component.candidates
        if not found:
            return chosen
        for closed, prevents in found:
            if not prevents:
                return component.candidates
            only_if = None if closed.cell in component.hidden else closed.cell
            cuts.append((only_if, prevents))
        chosen = frozenset(cheapest_cover(costs, cuts))
    return component.candidates
