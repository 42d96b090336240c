"""How far a reader who adds up and takes away can narrow hidden cells: linear programs, by HiGHS.

The question holds what a reader sees. A cell is open where two answers that fit all of it are far
enough apart; where none are, the duals of the two programs name the bounds that close it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# HiGHS answers to a millionth; what is asked differs by thousandths at least.
_EXACT = 1e-6
_KEPT_ANSWERS = 50_000


class ContradictionError(ArithmeticError):
    """No figures fit what is asked: something that should add up does not."""


@dataclass(frozen=True)
class Question:
    """Cells between bounds, what adds up to nought, and which must stay open.

    A cell of `wanted` is open where it can lie `least` apart, and `share` of its own size; counts
    are whole numbers.
    """

    low: tuple[float, ...]
    high: tuple[float, ...]
    nought: tuple[tuple[tuple[int, int], ...], ...]
    at_most: tuple[tuple[int, int], ...]
    wanted: tuple[int, ...]
    least: float
    share: float = 0.0
    is_whole: bool = False


@dataclass(frozen=True)
class Closed:
    """A cell that is not open: between what it lies, and the cells whose bounds make it so.

    `because` is None where that cannot be told, as of whole numbers between fractions.
    """

    cell: int
    low: float
    high: float
    because: frozenset[int] | None


@lru_cache(maxsize=_KEPT_ANSWERS)
def closed(question: Question) -> tuple[Closed, ...]:
    """Return the wanted cells that are not open, each with what closes it.

    Raises ContradictionError where no figures fit the question.
    """
    if not question.wanted:
        return ()
    reader = _Reader(question)
    reader.look_round()
    found = (reader.look_at(cell) for cell in question.wanted)
    return tuple(one for one in found if one)


class _Reader:
    """One question in the solver, and the least and the most seen of each cell so far."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._size = len(question.low)
        self._every = np.arange(self._size, dtype=np.int32)
        self._least = np.full(self._size, np.inf)
        self._most = np.full(self._size, -np.inf)
        self._solver = _solver(question)
        self._of_whole: Any = None

    def look_round(self) -> None:
        """See what a few answers that lie far apart say of all wanted cells at once."""
        signs = np.ones(self._size)
        for aim in (signs, -signs, _mixed(self._size), -_mixed(self._size)):
            cost = np.zeros(self._size)
            wanted = list(self._question.wanted)
            cost[wanted] = aim[wanted]
            self._solve(cost)

    def look_at(self, cell: int) -> Closed | None:
        """Return how a cell is closed, or None where it is open."""
        if self._is_open(cell):
            return None
        because: set[int] = set()
        bounds = []
        for sign in (1.0, -1.0):
            cost = np.zeros(self._size)
            cost[cell] = sign
            value, duals = self._solve(cost)
            if self._is_open(cell):
                return None
            bounds.append(sign * value)
            because |= {int(one) for one in np.flatnonzero(np.abs(duals) > _EXACT)}
        low, high = bounds
        if self._is_far(low, high):
            # Fractions would leave it open; do whole numbers?
            bounds = [self._solve_whole(cell, sign) for sign in (1.0, -1.0)]
            return None if self._is_open(cell) else Closed(cell, bounds[0], bounds[1], None)
        return Closed(cell, low, high, frozenset(because - {cell}))

    def _is_open(self, cell: int) -> bool:
        return self._is_far(self._least[cell], self._most[cell])

    def _is_far(self, low: float, high: float) -> bool:
        question = self._question
        wide = max(question.least, question.share * max(abs(low), abs(high)))
        return bool(high - low >= wide - _EXACT)

    def _solve(self, cost: Floats, of_whole: Any = None) -> tuple[float, Floats]:
        solver = of_whole or self._solver
        solver.changeColsCost(self._size, self._every, cost)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ContradictionError(str(solver.getModelStatus()))
        answer = solver.getSolution()
        point = np.array(answer.col_value)
        self._see(point)
        return float(cost @ point), np.array(answer.col_dual)

    def _see(self, point: Floats) -> None:
        if self._question.is_whole:
            rounded = np.round(point)
            if np.abs(point - rounded).max() > _EXACT:
                return
            point = rounded
        self._least = np.minimum(self._least, point)
        self._most = np.maximum(self._most, point)

    def _solve_whole(self, cell: int, sign: float) -> float:
        """Return the least (or the most) that a cell can be if all are whole numbers."""
        if self._of_whole is None:
            self._of_whole = _solver(self._question, are_whole=True)
        cost = np.zeros(self._size)
        cost[cell] = sign
        return sign * self._solve(cost, self._of_whole)[0]


def _mixed(size: int) -> Floats:
    """Return signs that differ from cell to cell without a pattern, the same in every run."""
    return np.random.default_rng(size).choice(np.array([-1.0, 1.0]), size)


def _quiet() -> Any:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    # One thread and no gap: the same choice on every machine.
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_rel_gap", 0.0)
    return solver


def _solver(question: Question, *, are_whole: bool = False) -> Any:
    solver = _quiet()
    program = _program(question)
    if are_whole:
        program.integrality_ = [highspy.HighsVarType.kInteger] * program.num_col_
    solver.passModel(program)
    return solver


def _program(question: Question) -> Any:
    rows = [*question.nought, *(((one, 1), (other, -1)) for one, other in question.at_most)]
    entries = [entry for row in rows for entry in row]
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(question.low), len(rows)
    program.col_cost_ = np.zeros(len(question.low))
    program.col_lower_ = np.array(question.low, dtype=np.float64)
    program.col_upper_ = np.array(question.high, dtype=np.float64)
    program.row_lower_ = np.array(
        [0.0] * len(question.nought) + [-highspy.kHighsInf] * len(question.at_most)
    )
    program.row_upper_ = np.zeros(len(rows))
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.cumsum([0, *(len(row) for row in rows)], dtype=np.int32)
    program.a_matrix_.index_ = np.array([column for column, _ in entries], dtype=np.int32)
    program.a_matrix_.value_ = np.array([value for _, value in entries], dtype=np.float64)
    return program


def cheapest_cover(
    costs: dict[int, float], cuts: list[tuple[int | None, frozenset[int]]]
) -> set[int]:
    """Return the cheapest cells so that each cut is met by one of its cells.

    A cut with a cell of its own needs to be met only where that cell is chosen.
    """
    named = sorted(
        {cell for _, cells in cuts for cell in cells} | {c for c, _ in cuts if c is not None}
    )
    place = {cell: number for number, cell in enumerate(named)}
    solver = _quiet()
    for cell in named:
        solver.addVar(0.0, 1.0)
        solver.changeColCost(place[cell], costs[cell])
        solver.changeColIntegrality(place[cell], highspy.HighsVarType.kInteger)
    for only_if, cells in cuts:
        index = [place[cell] for cell in sorted(cells)]
        value = [1.0] * len(index)
        least = 1.0
        if only_if is not None:
            index.append(place[only_if])
            value.append(-1.0)
            least = 0.0
        solver.addRow(
            least, highspy.kHighsInf, len(index), np.array(index, dtype=np.int32), np.array(value)
        )
    solver.run()
    chosen = solver.getSolution().col_value
    return {cell for cell in named if chosen[place[cell]] > 0.5}
