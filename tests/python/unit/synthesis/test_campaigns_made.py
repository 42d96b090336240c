"""Campaigns of a year ago: what is planted is what the truth says, and nothing else moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from openlsi.campaigns.definition import load_campaigns
from openlsi.campaigns.fields import campaign_fields
from openlsi.config import load_configuration
from openlsi.home import Home
from openlsi.synthesis import discretionary
from openlsi.synthesis.campaigns import (
    CAMPAIGNS,
    NOBODY,
    SOURCE,
    cohort_table,
    draw_cohorts,
    start_month,
    write_definitions,
)
from openlsi.synthesis.district import MadeDistrict, make_district
from openlsi.synthesis.plan import EPOCH, Plan
from openlsi.warehouse.project import project_directory

PLAN = Plan(months=30, until="2026-10", sample=0.1, seed=20261031, scale=0.3)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeDistrict:
    district = load_configuration(Home(tmp_path_factory.mktemp("nothing"))).district("ashford")
    assert district is not None
    return make_district(PLAN, district)


def test_nobody_is_in_two_campaigns_and_a_fifth_is_held_out(made: MadeDistrict) -> None:
    cohorts = draw_cohorts(made)
    everybody = np.concatenate([one.claim for one in cohorts])
    assert len(set(everybody.tolist())) == len(everybody) > 100
    for one in cohorts:
        assert one.is_held_out.mean() == pytest.approx(0.2, abs=0.02)


def test_the_awards_of_a_campaign_come_on_top_of_all_others(
    made: MadeDistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = [
        (int(account), int(day), int(pence))
        for one in draw_cohorts(made)
        for account, day, pence in zip(one.account, one.awarded, one.pence, strict=True)
        if day != NOBODY
    ]
    assert len(planted) > 10

    def told() -> list[tuple[int, int, int]]:
        return [
            (int(account), int(day), int(pence))
            for month in discretionary.draw_awards(made)
            for account, day, pence in zip(month.account, month.decided, month.pence, strict=True)
        ]

    with_campaigns = told()
    monkeypatch.setattr(discretionary, "draw_cohorts", lambda _made: [])
    assert sorted(with_campaigns) == sorted([*told(), *planted])


def test_what_officers_report_is_in_order_and_of_nobody_held_out(made: MadeDistrict) -> None:
    refs = [f"C{place}" for place in range(len(made.households))]
    rows = cohort_table(made, refs).to_pylist()
    month = start_month(PLAN)
    assert month is not None and {row["month"] for row in rows} == {month.first}
    reported = [row for row in rows if row["contacted_on"]]
    assert reported and {row["arm"] for row in reported} == {"contact"}
    for row in reported:
        days = [row[name] for name in ("contacted_on", "reached_on", "applied_on", "awarded_on")]
        told = [day for day in days if day]
        assert told == sorted(told)
        assert (row["pence"] > 0) == (row["awarded_on"] is not None)
    awards = {
        refs[int(claim)]: date.fromordinal(EPOCH.toordinal() + int(day))
        for one in draw_cohorts(made)
        for claim, day in zip(one.claim, one.awarded, strict=True)
        if day != NOBODY
    }
    late = [row for row in reported if row["awarded_on"]]
    assert all(timedelta(0) <= row["awarded_on"] - awards[row["claim_ref"]] for row in late)


def test_a_short_plan_and_a_district_without_the_feed_have_no_campaign(
    made: MadeDistrict, tmp_path: Path
) -> None:
    assert start_month(replace(PLAN, months=12)) is None
    feeds = {name: one for name, one in made.district.feeds.items()
             if name != "discretionary_awards"}  # fmt: skip
    without = replace(made, district=made.district.model_copy(update={"feeds": feeds}))
    assert draw_cohorts(without) == []
    assert cohort_table(without, []).num_rows == 0
    write_definitions(Home(tmp_path), replace(PLAN, months=12))
    assert not list((tmp_path / "config").rglob("*.yml"))


def test_their_files_say_that_they_are_made_up_and_are_campaigns(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write_definitions(home, PLAN)
    files = list((home.config / "campaigns").glob("*.yml"))
    assert len(files) == len(CAMPAIGNS)
    assert all(path.read_text("utf-8").startswith(f"# {SOURCE}.") for path in files)
    fields = campaign_fields(project_directory())
    found = load_campaigns(home, fields, load_configuration(home))
    assert {one.key for one in CAMPAIGNS} <= set(found)
