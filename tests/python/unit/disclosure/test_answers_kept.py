"""What is kept of answers to one question must not change what is said of the next."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from openlsi.disclosure.answers import answers_to
from openlsi.disclosure.opening import Closed, ContradictionError, Question, closed

FAR = 200.0


def _said_of(question: Question) -> tuple[Closed, ...] | None:
    closed.cache_clear()
    try:
        return closed(question)
    except ContradictionError:
        return None


def _said_first_of(question: Question) -> tuple[Closed, ...] | None:
    answers_to.cache_clear()
    return _said_of(question)


def _square(side: int, shown: list[float | None]) -> Question:
    """Return the question of a square of counts with its totals; None is a hidden figure."""
    size = side + 1
    nought = []
    for at in range(size):
        row = [at * size + other for other in range(size)]
        column = [other * size + at for other in range(size)]
        for cells in (row, column):
            nought.append((*((one, 1) for one in cells[:-1]), (cells[-1], -1)))
    return Question(
        low=tuple(1.0 if one is None else one - 2 for one in shown),
        high=tuple(FAR if one is None else one + 2 for one in shown),
        nought=tuple(nought),
        at_most=(),
        wanted=tuple(cell for cell, one in enumerate(shown) if one is None),
        least=4.0,
        is_whole=True,
    )


@st.composite
def _squares(draw: st.DrawFn) -> tuple[Question, Question]:
    """Return two questions of the same sums: other figures are hidden, or the figures are others.

    Figures are rounded to 5 each on its own, as in a published table.
    """
    side = draw(st.integers(2, 3))
    size = side + 1

    def one() -> Question:
        parts = [[draw(st.integers(1, 30)) for _ in range(side)] for _ in range(side)]
        rows = [[*row, sum(row)] for row in parts]
        rows.append([sum(row[at] for row in rows) for at in range(size)])
        figures = [5 * round(figure / 5) for row in rows for figure in row]
        hidden = draw(st.sets(st.integers(0, size * size - 1), max_size=size * size - 1))
        return _square(side, [None if at in hidden else f for at, f in enumerate(figures)])

    return one(), one()


@settings(max_examples=60, deadline=None)
@given(_squares())
def test_what_was_asked_before_changes_no_answer(questions: tuple[Question, Question]) -> None:
    first, then = questions
    alone = _said_first_of(then)
    _said_first_of(first)
    assert _said_of(then) == alone
    assert _said_of(then) == alone, "it is told otherwise from its own answers"


def test_an_answer_outside_the_bounds_of_the_next_question_opens_nothing() -> None:
    loose = Question(
        low=(0.0, 0.0, 0.0), high=(50.0, 50.0, 100.0), nought=(((0, 1), (1, 1), (2, -1)),),
        at_most=(), wanted=(0, 1), least=4.0, is_whole=True,
    )  # fmt: skip
    assert _said_first_of(loose) == ()
    tight = replace(loose, high=(50.0, 50.0, 2.0))
    assert [(one.cell, one.low, one.high) for one in _said_of(tight) or ()] == [
        (0, 0.0, 2.0),
        (1, 0.0, 2.0),
    ]


def test_an_answer_that_fits_the_next_question_is_not_asked_for_again() -> None:
    question = _square(2, [None, None, 40.0, None, None, 40.0, 40.0, 40.0, 80.0])
    assert _said_first_of(question) == ()
    kept = answers_to((9, question.nought, question.at_most))
    before = len(kept)
    assert before > 0
    assert _said_of(replace(question, high=tuple(one + 1 for one in question.high))) == ()
    assert len(kept) == before
