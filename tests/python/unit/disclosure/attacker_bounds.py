"""What somebody who means harm knows of each published figure, and the arithmetic of intervals.

Shares no code with what it attacks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import inf, isinf
from typing import Any, Literal

Cell = tuple[str, str, tuple[Any, ...]]
Bounds = tuple[float, float]
# A share of nobody, or of all, is hidden too where its whole is shown as less than this.
SMALL_WHOLE = 20


@dataclass(frozen=True)
class Found:
    """A figure that the attacker claims to know, and between what."""

    cell: Cell
    low: float
    high: float
    how: str


@dataclass(frozen=True)
class Sum:
    """Parts, each times its weight, that come to a total; or to no more, or to no less than it."""

    total: Cell
    parts: tuple[tuple[Cell, float], ...]
    comes_to: Literal["all", "at most", "at least"] = "all"

    @property
    def cells(self) -> list[Cell]:
        return [self.total, *(cell for cell, _ in self.parts)]


@dataclass
class Attacker:
    """What is known of each cell. `least` is what a hidden count is taken to be at least."""

    least: int = 1
    bounds: dict[Cell, Bounds] = field(default_factory=dict)
    hidden: set[Cell] = field(default_factory=set)
    sums: list[Sum] = field(default_factory=list)
    rows: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = field(default_factory=dict)

    def see(self, cell: Cell, value: float | None, mark: str | None) -> None:
        """Take in one published cell."""
        is_count = cell[1].endswith("_count")
        if mark == "c":
            self.hidden.add(cell)
            self.bounds[cell] = (self.least, inf) if is_count else (-inf, inf)
        elif value is None:
            self.bounds[cell] = (0, 0)
        elif is_count:
            low, high = float(value) - 2, float(value) + 2
            self.bounds[cell] = (max(low, 10), high) if value else (0, 0)
        else:
            self.bounds[cell] = (float(value) - 500, float(value) + 500)

    def add_up(
        self,
        total: Cell,
        parts: Sequence[Cell],
        comes_to: Literal["all", "at most", "at least"] = "all",
    ) -> None:
        """Note that parts make a total, or all but some of it, or more than it."""
        self.sums.append(Sum(total, tuple((part, 1.0) for part in parts), comes_to))

    def think(self) -> None:
        """Narrow every cell to what the sums leave open, until nothing moves."""
        self._allow_for_hidden_noughts()
        of_cell: dict[Cell, list[int]] = {}
        for number, one in enumerate(self.sums):
            for cell in one.cells:
                of_cell.setdefault(cell, []).append(number)
        waiting = set(range(len(self.sums)))
        for _ in range(200 * len(self.sums)):
            if not waiting:
                return
            for cell in self._narrow_one(self.sums[waiting.pop()]):
                waiting.update(of_cell[cell])

    def _allow_for_hidden_noughts(self) -> None:
        """Where a whole is hidden or small, noughts of it are hidden: no part is surely 1."""
        for one in self.sums:
            total = one.total
            is_share = one.comes_to == "at most" and self.bounds[total][1] < SMALL_WHOLE
            for part in one.cells[1:] if total in self.hidden or is_share else []:
                if part in self.hidden and part[1].endswith("_count"):
                    self.bounds[part] = (0, inf)

    def _narrow_one(self, one: Sum) -> list[Cell]:
        """Narrow a total and its parts by one another; return the cells that moved."""
        lows = [weight * self.bounds[cell][0] for cell, weight in one.parts]
        highs = [weight * self.bounds[cell][1] for cell, weight in one.parts]
        may_fall_short, may_go_over = one.comes_to == "at most", one.comes_to == "at least"
        moved = []
        low = -inf if may_go_over else sum(lows)
        high = inf if may_fall_short else sum(highs)
        if self._narrow(one.total, low, high):
            moved.append(one.total)
        low, high = self.bounds[one.total]
        for at, (part, weight) in enumerate(one.parts if self._hides(one) else ()):
            others_low = -inf if may_go_over else _without(lows, at)
            others_high = inf if may_fall_short else _without(highs, at)
            if self._narrow(part, (low - others_high) / weight, (high - others_low) / weight):
                moved.append(part)
        return moved

    def _hides(self, one: Sum) -> bool:
        return any(cell in self.hidden for cell in one.cells)

    def _narrow(self, cell: Cell, low: float, high: float) -> bool:
        now = self.bounds[cell]
        new = (max(now[0], low), min(now[1], high))
        # A contradiction shows that a hidden count was nought after all: nothing follows from it.
        # Pounds creep towards a limit for ever; a pound more is nothing learned.
        if new[0] > new[1] or not any(
            a != b and abs(a - b) >= 1 for a, b in zip(now, new, strict=True)
        ):
            return False
        self.bounds[cell] = new
        return True

    def claims(self) -> Iterator[Found]:
        """Tell hidden counts open to fewer than three values, and pounds known to a tenth.

        Pounds of less than a rounding step are never known: their rounding alone hides them.
        """
        for cell in sorted(self.hidden, key=str):
            low, high = self.bounds[cell]
            if cell[1].endswith("_count"):
                if high - low < 2:
                    yield Found(cell, low, high, "sums of counts")
            elif high - low < 0.2 * max(abs(low), abs(high)) and max(abs(low), abs(high)) > 1000:
                yield Found(cell, low, high, "sums of pounds")


def _without(bounds: Sequence[float], at: int) -> float:
    """Add all bounds but one; infinite where any of these is."""
    others = [bound for place, bound in enumerate(bounds) if place != at and isinf(bound)]
    return others[0] if others else sum(bounds[:at]) + sum(bounds[at + 1 :])
