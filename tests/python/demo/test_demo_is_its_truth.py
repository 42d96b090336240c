"""`make check-demo`: the demo that `make demo` built, held against what was planted in it.

Reads LSI_HOME (by default `data/`), writes nothing, and is no part of `make test`.
"""

from __future__ import annotations

from itertools import product

import duckdb
import pytest

from openlsi.campaigns.definition import load_campaigns
from openlsi.campaigns.evaluation import measure
from openlsi.campaigns.fields import campaign_fields
from openlsi.campaigns.register import Register
from openlsi.cli.synthesise import DEMO
from openlsi.config import load_configuration
from openlsi.home import Home
from openlsi.synthesis.campaigns import CAMPAIGNS as MADE_CAMPAIGNS
from openlsi.synthesis.campaigns import MadeCampaign
from openlsi.synthesis.delivery_habits import habits_of
from openlsi.synthesis.pupils import census_months
from openlsi.warehouse.generations import current_build
from openlsi.warehouse.project import project_directory
from reconciliation.opened import LANDED, open_beside
from reconciliation.planted import PLANTED, lay_planted
from reconciliation.statements import STATEMENTS, Statement

LATE = "E07000116"
OVER = [one for one in MADE_CAMPAIGNS if one.is_over]


@pytest.fixture(scope="module")
def home() -> Home:
    home = Home.from_environment()
    if current_build(home) is None or not home.truth.is_dir():
        pytest.fail(f"{home.root} holds no built demo; run `make demo` first", pytrace=False)
    return home


@pytest.fixture(scope="module")
def opened(home: Home) -> duckdb.DuckDBPyConnection:
    con = open_beside(home)
    lay_planted(con, home)
    return con


def test_the_truth_has_rows_for_every_district_feed_and_month_of_the_demo(
    home: Home, opened: duckdb.DuckDBPyConnection
) -> None:
    districts = load_configuration(home).districts
    months = [month.first for month in DEMO.extract_months]
    assert (len(districts), len(months)) == (12, 27)
    sent = [(district.code, feed) for district in districts for feed in district.feeds]
    held = opened.execute(
        "select district_code, feed, record, month from truth_extracts"
        " where clean_rows > 0 and not is_superseded"
    ).fetchall()
    counted = [
        (service.code, feed, record, month.first)
        for service in load_configuration(home).services
        for feed in service.feeds
        for of_feed, record, _ in LANDED
        if of_feed == feed
        for month in census_months(DEMO)
    ]
    assert len(counted) == 7
    # One district is late with everything: nothing of its last months is made or noted.
    delivered = [
        (district, feed, record, month)
        for (district, feed), (place, month) in product(sent, enumerate(months))
        for of_feed, record, _ in LANDED
        if of_feed == feed and habits_of(DEMO, district).delivers(DEMO, place)
    ]
    assert sorted(held) == sorted([*delivered, *counted])
    assert len({month for district, _, _, month in held if district == LATE}) == 25
    planted = opened.execute("select distinct district_code, feed from truth_faults").fetchall()
    of_services = {(code, feed) for code, feed, _, _ in counted}
    assert sorted(planted) == sorted([*sent, *of_services])


@pytest.mark.parametrize(
    "statement", [*STATEMENTS, *PLANTED], ids=lambda statement: statement.sentence
)
def test_it_holds(opened: duckdb.DuckDBPyConnection, statement: Statement) -> None:
    contradictions = opened.execute(f"{statement.query} limit 20").fetchall()
    assert contradictions == []


def test_the_front_page_names_the_build_and_shows_the_truth_of_the_last_month(
    home: Home, opened: duckdb.DuckDBPyConnection
) -> None:
    """All the way: what the generator made is what a reader of the site sees, rounded."""
    build = current_build(home)
    assert build is not None
    front_page = (home.site / "index.html").read_text(encoding="utf-8")
    assert build.build_id in front_page
    month = {"month": DEMO.extract_months[-1].first}
    (households,) = opened.execute(
        "select sum(cts_household_count) from truth_stock where month = $month", month
    ).fetchall()[0]
    (pounds,) = opened.execute(
        "select sum(clean_accrued_gbp + clean_retrospective_gbp) from truth_extracts"
        " where feed = 'cts' and record = 'award' and not is_superseded and month = $month",
        month,
    ).fetchall()[0]
    # The late district is missing, and the page says so beside the figures without it.
    assert "11 of 12 districts" in front_page
    assert f"{5 * round(households / 5):,}" in front_page
    assert f"£{1000 * round(pounds / 1000):,}" in front_page


@pytest.mark.parametrize("made", OVER, ids=lambda made: made.key)
def test_an_evaluation_finds_the_effect_that_was_planted(home: Home, made: MadeCampaign) -> None:
    """Whoever is awarded by itself anyway cannot be brought an award, in either arm alike."""
    campaigns = load_campaigns(home, campaign_fields(project_directory()), load_configuration(home))
    secure = home.current / "secure.duckdb"
    found = measure(home, secure, campaigns[made.key], Register.read(home))
    assert found.against == "holdout" and found.rate is not None
    assert found.contact is not None and found.contact.household_count > 1000
    assert found.other is not None
    by_themselves = 1 - (1 - found.other.rate) / (1 - made.holdout_rate)
    planted = (made.contact_rate - made.holdout_rate) * (1 - by_themselves)
    assert found.rate.low <= planted <= found.rate.high
    assert found.verdict == ("effect_shown" if planted else "no_effect_shown")
