"""What is planted in single households of the small county is found, and nothing else is."""

from __future__ import annotations

import duckdb
import pytest
from built_county import BuiltCounty

from reconciliation.opened import Alteration, as_it_is, open_beside, with_a_thousand_more
from reconciliation.planted import PLANTED, lay_planted
from reconciliation.statement import Statement


def with_nothing_planted(con: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Return the query of the truth without what is planted in households."""
    return f"select * from {relation}" + (" where false" if "planted" in relation else "")


FALSIFIED: dict[str, Alteration] = {
    "nothing planted": with_nothing_planted,
    "a thousand more": with_a_thousand_more,
}
Opened = dict[str, duckdb.DuckDBPyConnection]


@pytest.fixture(scope="module")
def opened(county: BuiltCounty) -> Opened:
    """The session by what was done to the truth in it."""
    sessions = {
        name: open_beside(county.home, alteration)
        for name, alteration in {"as it is": as_it_is, **FALSIFIED}.items()
    }
    for con in sessions.values():
        lay_planted(con, county.home)
    return sessions


@pytest.mark.parametrize(
    "truth", ["unclaimed_pension_credit", "uc_without_cts", "benefit_cap", "lost_hours"]
)
def test_something_is_planted_that_the_warehouse_tells_of(opened: Opened, truth: str) -> None:
    found = opened["as it is"].execute(
        "select count(*) from planted join secure.marts.fct_benefit_spend using"
        " (district_code, household_key, month) where truth = $truth",
        {"truth": truth},
    )
    assert found.fetchone() > (0,)


@pytest.mark.parametrize("statement", PLANTED, ids=lambda one: one.sentence)
def test_it_holds(opened: Opened, statement: Statement) -> None:
    assert opened["as it is"].execute(statement.query).fetchall() == []


@pytest.mark.parametrize("statement", PLANTED, ids=lambda one: one.sentence)
def test_it_fails_where_the_truth_is_another(opened: Opened, statement: Statement) -> None:
    assert any(opened[name].execute(statement.query).fetchall() for name in FALSIFIED)
