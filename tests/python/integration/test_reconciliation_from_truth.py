"""The small county's facts are the truth of its extracts, and each statement can be false."""

from __future__ import annotations

from datetime import date
from itertools import product

import duckdb
import pytest
from built_county import DISTRICTS, PLAN, BuiltCounty

from openlsi.config import load_configuration
from openlsi.synthesis.pupils import CENSUS_MONTHS
from reconciliation.opened import (
    LANDED,
    as_it_is,
    open_beside,
    with_a_thousand_more,
    without_a_district,
)
from reconciliation.statements import STATEMENTS, Statement

MONTHS = [month.first for month in PLAN.extract_months]
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


@pytest.fixture(scope="module")
def sent(county: BuiltCounty) -> list[tuple[str, str]]:
    """Sender and feed of whatever the configuration says is sent."""
    configuration = load_configuration(county.home)
    districts = [one for one in configuration.districts if one.code in DISTRICTS]
    return [
        (sender.code, feed)
        for sender in [*districts, *configuration.services]
        for feed in sender.feeds
    ]


def sent_in_months(sent: list[tuple[str, str]]) -> list[tuple[str, str, date]]:
    """Return each sender, feed and month of it: a school census has three months a year."""
    return [
        (*one, month)
        for one, month in product(sent, MONTHS)
        if one[1] != "free_school_meals" or month.month in CENSUS_MONTHS
    ]


def test_the_truth_has_rows_for_every_district_feed_and_month_of_the_plan(
    opened: Opened, sent: list[tuple[str, str]]
) -> None:
    con = opened["as it is"]
    delivered = con.execute(
        "select district_code, feed, month from truth_deliveries"
        " where physical_rows > structural_rows and not is_superseded"
    ).fetchall()
    assert sorted(delivered) == sorted(sent_in_months(sent))
    held = con.execute(
        "select district_code, feed, record, month from truth_extracts"
        " where clean_rows > 0 and not is_superseded"
    ).fetchall()
    followed = [
        (district, feed, record, month)
        for district, feed, month in sent_in_months(sent)
        for of_feed, record, _ in LANDED
        if of_feed == feed
    ]
    assert sorted(held) == sorted(followed)
    replaced = con.execute("select count(*) from truth_deliveries where is_superseded").fetchone()
    assert replaced == (1,)


def test_faults_are_planted_in_every_district_and_feed(
    opened: Opened, sent: list[tuple[str, str]]
) -> None:
    query = "select distinct district_code, feed from truth_faults"
    planted = opened["as it is"].execute(query).fetchall()
    assert sorted(planted) == sorted(sent)


@pytest.mark.parametrize("statement", STATEMENTS, ids=named)
def test_it_holds(opened: Opened, statement: Statement) -> None:
    assert opened["as it is"].execute(statement.query).fetchall() == []


@pytest.mark.parametrize("falsified", FALSIFIED)
@pytest.mark.parametrize("statement", STATEMENTS, ids=named)
def test_it_fails_where_the_truth_is_another(
    opened: Opened, statement: Statement, falsified: str
) -> None:
    assert opened[falsified].execute(statement.query).fetchall() != []
