"""When a version of a month counts: by hand, and against a plain reading of every instant."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from itertools import zip_longest

import pytest

from openlsi.extract.in_force import Hold, Span, known_spans, periods

START = datetime(2026, 1, 1)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


BY_HAND: dict[str, tuple[list[Hold], list[Span]]] = {
    "never held": ([], [(day(5), None)]),
    "held when it was accepted": ([(None, None)], []),
    "held when it was accepted, released later": ([(None, day(9))], [(day(9), None)]),
    "released on a day before the sender's clock": ([(None, day(3))], [(day(5), None)]),
    "held by hand": ([(day(7), None)], [(day(5), day(7))]),
    "held by hand and released": ([(day(7), day(9))], [(day(5), day(7)), (day(9), None)]),
    "held by hand before the sender's clock": ([(day(2), day(9))], [(day(9), None)]),
    "held twice": (
        [(None, day(6)), (day(8), day(10))],
        [(day(6), day(8)), (day(10), None)],
    ),
}


@pytest.mark.parametrize("case", BY_HAND)
def test_a_held_extract_is_unknown_until_it_is_released(case: str) -> None:
    holds, spans = BY_HAND[case]
    assert known_spans(day(5), holds) == spans


def test_the_one_that_arrived_last_counts() -> None:
    assert periods([[(day(1), None)], [(day(4), None)]]) == [
        [(day(1), day(4))],
        [(day(4), None)],
    ]


def test_what_a_hold_takes_out_lets_the_earlier_one_count_again() -> None:
    """A correction held by hand from day 6 to day 8: the one before it stands in meanwhile."""
    held = known_spans(day(4), [(day(6), day(8))])
    assert periods([[(day(1), None)], held]) == [
        [(day(1), day(4)), (day(6), day(8))],
        [(day(4), day(6)), (day(8), None)],
    ]


def test_releasing_one_that_was_replaced_meanwhile_changes_nothing() -> None:
    released_late = known_spans(day(1), [(None, day(9))])
    assert periods([released_late, [(day(4), None)]]) == [[], [(day(4), None)]]


@pytest.mark.parametrize("seed", range(20))
def test_at_every_instant_the_last_that_could_count_does(seed: int) -> None:
    random_numbers = random.Random(seed)
    versions = []
    for arrived in sorted(random_numbers.sample(range(20), 4)):
        edges = sorted(random_numbers.sample(range(20), random_numbers.choice((0, 1, 2, 3, 4))))
        holds: list[Hold] = [
            (day(start), None if end is None else day(end))
            for start, end in zip_longest(edges[::2], edges[1::2])
        ]
        versions.append((day(arrived), holds))
    found = periods([known_spans(*version) for version in versions])
    for number in range(22):
        instant = day(number)
        could = [
            at
            for at, (arrived, holds) in enumerate(versions)
            if arrived <= instant
            and not any(
                (start is None or start <= instant) and (end is None or instant < end)
                for start, end in holds
            )
        ]
        counting = [
            at
            for at, spans in enumerate(found)
            for start, end in spans
            if start <= instant and (end is None or instant < end)
        ]
        assert counting == could[-1:]
