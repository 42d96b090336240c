"""Bins of a histogram and classes of a scale: edges that read well."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

MOST_BINS = 50
CLASSES = 5


@dataclass(frozen=True)
class Bins:
    """Edges from left to right, one more than counts; a bin holds its lower edge, not its upper."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]

    @property
    def step(self) -> float:
        """Return the width of a bin."""
        return self.edges[1] - self.edges[0]


def bins_of(values: Sequence[float]) -> Bins:
    """Return the bins that Evidence chooses for values, by size of the largest and their count.

    Below 10 the rule of Freedman and Diaconis, below 40 that of Sturges, else the square root of
    the count; steps are 1, 2 or 5 of a power of ten. The last bin holds its upper edge too.
    """
    distinct = sorted(set(values))
    if len(distinct) < 2:
        width = _power_below(abs(distinct[0])) if distinct[0] else 1.0
        return Bins((distinct[0], distinct[0] + width), (len(values),))
    step = _nice((distinct[-1] - distinct[0]) / _count(values, distinct))
    first, last = math.floor(distinct[0] / step + 1e-9), math.floor(distinct[-1] / step + 1e-9)
    digits = max(0, -math.floor(math.log10(step)) + 1)
    edges = [round(number * step, digits) for number in range(first, last + 2)]
    if distinct[-1] == edges[-2]:
        # A value on the last edge would have a bin to itself.
        edges.pop()
    counts = [0] * (len(edges) - 1)
    for value in values:
        counts[min(bisect_right(edges, value) - 1, len(counts) - 1)] += 1
    return Bins(tuple(edges), tuple(counts))


def _count(values: Sequence[float], distinct: Sequence[float]) -> int:
    ordered = sorted(values)
    size = len(ordered)
    if distinct[-1] < 10:
        spread = _quantile(ordered, 0.75) - _quantile(ordered, 0.25)
        if spread > 0:
            width = 2 * spread * math.pow(size, -1 / 3)
            return max(1, min(MOST_BINS, math.ceil((distinct[-1] - distinct[0]) / width)))
    if distinct[-1] < 40:
        return math.ceil(math.log2(size)) + 1
    return min(MOST_BINS, math.ceil(math.sqrt(size)))


def _quantile(ordered: Sequence[float], share: float) -> float:
    position = (len(ordered) - 1) * share
    low = math.floor(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)


def _power_below(value: float) -> float:
    """Return the power of ten that is not above a value."""
    return float(10.0 ** math.floor(math.log10(value)))


def _nice(rough: float) -> float:
    """Return the step of 1, 2, 5 or 10 of a power of ten that is nearest by ratio."""
    base = _power_below(rough)
    lead = rough / base
    return base * (10 if lead >= 50**0.5 else 5 if lead >= 10**0.5 else 2 if lead >= 2**0.5 else 1)


def class_edges(low: float, high: float, count: int = CLASSES) -> list[float]:
    """Return the edges of equally wide classes over a span, rounded outwards where that fits."""
    if high <= low:
        return [low, low]
    exact = (high - low) / count
    base = _power_below(exact)
    for lead in (1, 2, 2.5, 3, 4, 5, 6, 8, 10, 20):
        step = lead * base
        start = math.floor(low / step + 1e-9) * step
        if step >= exact - 1e-12 * base and start + count * step >= high - step * 1e-9:
            break
    digits = max(0, -math.floor(math.log10(step)) + 2)
    edges = [round(start + number * step, digits) for number in range(count + 1)]
    while len(edges) > 2 and edges[-2] >= high:
        edges.pop()
    return edges


def class_of(value: float, edges: Sequence[float]) -> int:
    """Return the number of a value's class, from 0; what lies outside goes to the outermost."""
    return max(0, min(bisect_right(edges, value) - 1, len(edges) - 2))


def ramp_of(number: int, count: int) -> int:
    """Return the step of a five-step ramp for a class, so that few classes span all of it."""
    return CLASSES // 2 if count <= 1 else round(number * (CLASSES - 1) / (count - 1))
