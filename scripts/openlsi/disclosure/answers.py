"""Answers that have been seen to fit, kept for later questions about the same sums.

While cells are chosen that have to be hidden besides, much the same is asked again and again: the
sums stay, and the bounds of a few cells are loosened. An answer to one question shows the same
cells open in the next, wherever it lies within the next one's bounds.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# What adds up, which all questions that may share answers have in common: how many cells there
# are, the sums that come to nought, and which cell is at most which other.
Sums = tuple[int, tuple[tuple[tuple[int, int], ...], ...], tuple[tuple[int, int], ...]]

# Questions about the same sums follow each other closely: 32 of the largest take 60 megabytes.
_KEPT_SUMS = 32
_KEPT_ANSWERS = 100


class Answers:
    """Answers, each a figure a cell, that fit the same sums; the latest are kept."""

    def __init__(self) -> None:
        """Begin with none."""
        self._points: list[Floats] = []

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._points)

    def keep(self, point: Floats) -> None:
        """Keep an answer, and let go of the oldest where there are too many."""
        self._points = [*self._points[-_KEPT_ANSWERS + 1 :], point]

    def fitting(self, low: Floats, high: Floats, tolerance: float) -> Floats:
        """Return those between these bounds, a row each."""
        if not self._points:
            return np.empty((0, len(low)))
        points = np.array(self._points)
        fits = ((points >= low - tolerance) & (points <= high + tolerance)).all(axis=1)
        return points[fits]


@lru_cache(maxsize=_KEPT_SUMS)
def answers_to(sums: Sums) -> Answers:
    """Return what is kept of answers that fit these sums."""
    return Answers()
