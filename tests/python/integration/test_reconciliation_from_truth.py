"""The small county's facts are the truth of its extracts, and each statement can be false."""

from __future__ import annotations

from itertools import product

import duckdb
import pytest
from built_county import DISTRICTS, PLAN, BuiltCounty

from reconciliation.opened import (
    FEEDS,
    as_it_is,
    open_beside,
    with_a_thousand_more,
    without_a_district,
)
from reconciliation.statements import STATEMENTS, Statement

MONTHS = [month.first for month in PLAN.extract_months]
RECORDS = {"council_tax": {"account", "balance"}, "cts": {"award"}}
FALSIFIED = {"a district less": without_a_district, "a thousand more": with_a_thousand_more}
Opened = dict[str, duckdb.DuckDBPyConnection]


@pytest.fixture(scope="module")
def opened(county: BuiltCounty) -> Opened:
    """The session by what was done to the truth in it."""
    return {
        name: open_beside(county.home, alteration)
        for name, alteration in {"as it is": as_it_is, **FALSIFIED}.items()
    }


def named(statement: Statement) -> str:
    return statement.sentence


def test_the_truth_has_rows_for_every_district_feed_and_month_of_the_plan(opened: Opened) -> None:
    con = opened["as it is"]
    delivered = con.execute(
        "select district_code, feed, month from truth_deliveries"
        " where physical_rows > structural_rows and not is_superseded"
    ).fetchall()
    assert sorted(delivered) == sorted(product(DISTRICTS, FEEDS, MONTHS))
    held = con.execute(
        "select district_code, feed, record, month from truth_extracts"
        " where clean_rows > 50 and not is_superseded"
    ).fetchall()
    expected = [
        (district, feed, record, month)
        for district, feed, month in product(DISTRICTS, FEEDS, MONTHS)
        for record in RECORDS[feed]
    ]
    assert sorted(held) == sorted(expected)
    replaced = con.execute("select count(*) from truth_deliveries where is_superseded").fetchone()
    assert replaced == (1,)


def test_faults_are_planted_in_every_district_and_feed(opened: Opened) -> None:
    query = "select distinct district_code, feed from truth_faults"
    planted = opened["as it is"].execute(query).fetchall()
    assert sorted(planted) == sorted(product(DISTRICTS, FEEDS))


@pytest.mark.parametrize("statement", STATEMENTS, ids=named)
def test_it_holds(opened: Opened, statement: Statement) -> None:
    assert opened["as it is"].execute(statement.query).fetchall() == []


@pytest.mark.parametrize("falsified", FALSIFIED)
@pytest.mark.parametrize("statement", STATEMENTS, ids=named)
def test_it_fails_where_the_truth_is_another(
    opened: Opened, statement: Statement, falsified: str
) -> None:
    assert opened[falsified].execute(statement.query).fetchall() != []
