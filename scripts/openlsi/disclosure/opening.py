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

from openlsi.disclosure.answers import Floats, answers_to

# HiGHS answers to a millionth; what is asked differs by thousandths at least.
_EXACT = 1e-6
_KEPT_ANSWERS = 50_000
# HiGHS's numbers for its ways of the simplex: only the primal goes on well under another aim.
_DUAL, _PRIMAL = 1, 4


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
    left = _Reader(question).not_open()
    # A reader of its own, that has looked at nothing else: what closes a cell can be told in more
    # ways than one, and which is told must follow from the question alone.
    reader = _Reader(question)
    return tuple(reader.why_closed(cell) for cell in left)


class _Reader:
    """One question in the solver, and the least and the most seen of each cell so far."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._size = len(question.low)
        self._every = np.arange(self._size, dtype=np.int32)
        self._wanted = np.array(question.wanted, dtype=np.int64)
        self._least = np.full(self._size, np.inf)
        self._most = np.full(self._size, -np.inf)
        self._answers = answers_to((self._size, question.nought, question.at_most))
        self._solvers: dict[bool, Any] = {}

    def not_open(self) -> list[int]:
        """Return the wanted cells that are not seen to be open, however far one looks.

        Raises ContradictionError where no figures fit the question.
        """
        question = self._question
        kept = self._answers.fitting(np.array(question.low), np.array(question.high), _EXACT)
        if len(kept):
            self._widen(kept.min(axis=0), kept.max(axis=0))
        if self._waiting():
            self._look_round()
        return [cell for cell in self._waiting() if not self._opens(cell)]

    def why_closed(self, cell: int) -> Closed:
        """Return between what a cell lies that is not open, and what makes it so."""
        because: set[int] = set()
        bounds = []
        for sign in (1.0, -1.0):
            value, duals = self._solve({cell: sign})
            bounds.append(sign * value)
            because |= {int(one) for one in np.flatnonzero(np.abs(duals) > _EXACT)}
        low, high = bounds
        if self._is_far(low, high):
            # Fractions would leave it open; whole numbers do not.
            low, high = (self._solve_whole(cell, sign) for sign in (1.0, -1.0))
            return Closed(cell, low, high, None)
        return Closed(cell, low, high, frozenset(because - {cell}))

    def _waiting(self) -> list[int]:
        """Return the wanted cells that are not seen to be open so far."""
        seen = self._least[self._wanted], self._most[self._wanted]
        return [int(cell) for cell in self._wanted[~self._are_far(*seen)]]

    def _look_round(self) -> None:
        """See what answers that lie far apart say of many cells at once, while that helps."""
        signs = _mixed(self._size)
        for aim in (1.0, -1.0):
            self._solve(dict.fromkeys(self._waiting(), aim), goes_on=True)
        for aim in (1.0, -1.0):
            self._solve({cell: aim * signs[cell] for cell in self._waiting()}, goes_on=True)
        waiting = self._waiting()
        while waiting:
            before = len(waiting)
            self._solve(dict.fromkeys(waiting, -1.0), goes_on=True)
            waiting = self._waiting()
            if len(waiting) > before - 2:
                return

    def _opens(self, cell: int) -> bool:
        """Look at one cell: first for the most it can be, which mostly says enough."""
        bounds = []
        for sign in (-1.0, 1.0):
            if self._is_open(cell):
                return True
            bounds.append(sign * self._solve({cell: sign}, goes_on=True)[0])
        if not self._is_open(cell) and self._is_far(bounds[1], bounds[0]):
            for sign in (1.0, -1.0):
                self._solve_whole(cell, sign)
        return self._is_open(cell)

    def _is_open(self, cell: int) -> bool:
        return self._is_far(self._least[cell], self._most[cell])

    def _is_far(self, low: float, high: float) -> bool:
        return bool(self._are_far(np.array([low]), np.array([high]))[0])

    def _are_far(self, low: Floats, high: Floats) -> NDArray[np.bool_]:
        wide = np.full(len(low), self._question.least)
        if self._question.share:
            wide = np.maximum(wide, self._question.share * np.maximum(np.abs(low), np.abs(high)))
        # Nothing seen yet: the least is endless, and nothing is as far from it.
        return np.asarray((high >= low) & (high - low >= wide - _EXACT))

    def _solve(
        self, aim: dict[int, float], *, goes_on: bool = False, are_whole: bool = False
    ) -> tuple[float, Floats]:
        """Return the least of what is aimed at and the duals of its cells' bounds.

        What `goes_on` starts from the answer before it, which is quick; its duals may be others.
        """
        cost = np.zeros(self._size)
        cost[list(aim)] = list(aim.values())
        solver = self._solver(are_whole)
        solver.changeColsCost(self._size, self._every, cost)
        solver.run()
        if goes_on and solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            solver.clearSolver()
            solver.setOptionValue("simplex_strategy", _DUAL)
            solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ContradictionError(str(solver.getModelStatus()))
        if not are_whole:
            solver.setOptionValue("simplex_strategy", _PRIMAL if goes_on else _DUAL)
        answer = solver.getSolution()
        point = np.array(answer.col_value)
        self._see(point)
        return float(cost @ point), np.array(answer.col_dual)

    def _solver(self, are_whole: bool) -> Any:
        if are_whole not in self._solvers:
            self._solvers[are_whole] = _solver(self._question, are_whole=are_whole)
        return self._solvers[are_whole]

    def _see(self, point: Floats) -> None:
        if self._question.is_whole:
            rounded = np.round(point)
            if np.abs(point - rounded).max() > _EXACT:
                return
            point = rounded
        waiting = self._waiting()
        told = point[waiting]
        if (told < self._least[waiting]).any() or (told > self._most[waiting]).any():
            self._answers.keep(point)
        self._widen(point, point)

    def _widen(self, least: Floats, most: Floats) -> None:
        self._least = np.minimum(self._least, least)
        self._most = np.maximum(self._most, most)

    def _solve_whole(self, cell: int, sign: float) -> float:
        """Return the least (or the most) that a cell can be if all are whole numbers."""
        return sign * self._solve({cell: sign}, are_whole=True)[0]


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
