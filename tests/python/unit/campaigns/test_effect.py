"""Differences with their intervals, against published examples and made-up campaigns."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import duckdb
import pytest
from made_positions import TODAY, Made, made

from openlsi.campaigns.cohort import cohort_files, freeze
from openlsi.campaigns.effect import Arm, Stratum, matched, pounds_difference, rate_difference
from openlsi.campaigns.errors import CampaignError
from openlsi.campaigns.evaluation import Evaluation, evaluate
from openlsi.campaigns.register import EVALUATED, Register
from openlsi.campaigns.words import evaluation_words


def arm(count: int, awarded: int, each: float = 0.0) -> Arm:
    return Arm(count, awarded, awarded * each, awarded * each**2)


@pytest.mark.parametrize(
    ("contact", "other", "low", "high"),
    [((70, 56), (80, 48), 0.0524, 0.3339), ((10, 9), (10, 3), 0.1705, 0.8090)],
)
def test_a_difference_of_rates_has_newcombes_published_interval(
    contact: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe 1998, table II, contrasts (a) and (b), method 10."""
    found = rate_difference(arm(*contact), arm(*other))
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.0001)


def test_an_interval_holds_no_effect_about_as_often_as_it_says() -> None:
    chance = random.Random(20261130)
    held = 0
    for _ in range(1000):
        counts = [sum(chance.random() < 0.1 for _ in range(n)) for n in (200, 60)]
        held += not rate_difference(arm(200, counts[0]), arm(60, counts[1])).is_shown
    assert 0.93 <= held / 1000 <= 0.985


def test_pounds_differ_by_the_means_of_all_households_awarded_or_not() -> None:
    found = pounds_difference(arm(100, 50, 520), arm(100, 20, 520))
    assert found.value == pytest.approx(156)
    # Variance of n values that are 520 or 0: 520² p (1 - p) n / (n - 1) / n.
    spread = 1.959964 * 520 * ((0.25 + 0.16) / 99) ** 0.5
    assert (found.low, found.high) == pytest.approx((156 - spread, 156 + spread))


def test_matching_takes_away_what_was_known_beforehand() -> None:
    """Pensioners are awarded at 50% either way and others at 10%; only their mix differs."""
    strata = [Stratum(arm(80, 40, 10), arm(20, 10, 10)), Stratum(arm(20, 2, 10), arm(80, 8, 10)),
              Stratum(arm(7, 7), arm(0, 0))]  # fmt: skip
    rate, pounds, count = matched(strata)
    assert (rate.value, pounds.value, count) == (pytest.approx(0), pytest.approx(0), 100)
    assert not rate.is_shown
    crude = rate_difference(arm(100, 42), arm(100, 18))
    assert crude.is_shown


def running(root: Path, **changed: Any) -> Made:
    """Return a home with a frozen cohort of half of 400 households, or of one district's."""
    gap = {"pension_credit_gap_weekly_gbp": 10}
    here = made(root, *(gap | {"district_code": code} for code in ("E07000105", "E07000108")
                        for _ in range(200)))  # fmt: skip
    campaign = here.campaign(holdout_pct=50, **changed)
    Register.read(here.home).approve(campaign, "Jo Lead", "agreed")
    freeze(here.home, here.secure, campaign, here.fields, here.configuration, TODAY, "b1")
    return here


def built(here: Made, contact_share: float, other_share: float) -> None:
    """Put into the build what later extracts tell: so much of each arm awarded £520 a year."""
    event = Register.read(here.home).frozen("made_up")
    assert event
    files = [str(path) for path in cohort_files(here.home, event)]
    with duckdb.connect(str(here.secure)) as con:
        con.execute(
            "create table marts.fct_campaign_contacts as select 'made_up' as campaign_key,"
            " * exclude (case_ref) from read_parquet($files)",
            {"files": files},
        )
        con.execute(
            """
            create table marts.fct_campaign_awards as
            with numbered as (
                select
                    *,
                    row_number() over (partition by arm order by household_key) as place,
                    count(*) over (partition by arm) as arm_count
                from marts.fct_campaign_contacts
            )
            select
                campaign_key, district_code, household_key, arm, date '2027-01-01' as awarded_date,
                cast(520 as decimal(18, 2)) as annualised_gbp,
                cast(null as decimal(18, 2)) as one_off_gbp
            from numbered
            where place <= arm_count * case arm when 'contact' then $contact else $other end
            """,
            {"contact": contact_share, "other": other_share},
        )
        con.execute("""
            create table marts.fct_campaign_outcomes as
            select
                *, 'recognised' as outcome_source, cast(null as date) as applied_date,
                cast(null as decimal(18, 2)) as lifetime_gbp,
                cast(null as decimal(18, 2)) as back_dated_gbp, 42 as days_until_award_count
            from marts.fct_campaign_awards
        """)


def evaluated(here: Made, **changed: Any) -> Evaluation:
    return evaluate(here.home, here.secure, here.campaign(holdout_pct=50, **changed))


def test_a_planted_effect_is_found_with_pounds_for_each_pound(tmp_path: Path) -> None:
    here = running(tmp_path)
    built(here, 0.5, 0.2)
    found = evaluated(here)
    assert (found.against, found.contact, found.other) == (
        "holdout", arm(200, 100, 520), arm(200, 40, 520),
    )  # fmt: skip
    assert found.rate and found.rate.value == pytest.approx(0.3) and found.rate.is_shown
    assert found.brought_gbp == pytest.approx(0.3 * 520 * 200)
    lines = "\n".join(evaluation_words(found))
    assert "Pounds for each pound spent: £312.00" in lines
    assert "within 1.4 months" in lines
    (event,) = Register.read(here.home).of("made_up", EVALUATED)
    assert event["brought_gbp"] == pytest.approx(31200)


def test_a_campaign_that_is_measured_while_it_runs_goes_on_running(tmp_path: Path) -> None:
    here = running(tmp_path)
    built(here, 0.5, 0.2)
    stages = []
    for step in (evaluated, lambda made: Register.read(made.home).complete("made_up", "Jo Lead"),
                 evaluated):  # fmt: skip
        step(here)
        stages.append(Register.read(here.home).stage("made_up"))
    assert stages == ["running", "completed", "evaluated"]


def test_that_no_effect_is_shown_is_a_result(tmp_path: Path) -> None:
    here = running(tmp_path)
    built(here, 0.21, 0.2)
    found = evaluated(here)
    assert found.rate and not found.rate.is_shown
    assert found.result.startswith("no effect shown: +1.0 points (-")


def test_without_a_holdout_households_alike_elsewhere_are_compared(tmp_path: Path) -> None:
    here = made(
        tmp_path,
        *({"pension_credit_gap_weekly_gbp": 10} for _ in range(100)),
        *({"pension_credit_gap_weekly_gbp": 10, "district_code": "E07000108"} for _ in range(100)),
        *({"pension_credit_gap_weekly_gbp": 10, "child_count": 1} for _ in range(3)),
    )
    campaign = here.campaign(holdout_pct=0, districts=["ashford"])
    Register.read(here.home).approve(campaign, "Jo Lead", "agreed")
    event = freeze(
        here.home, here.secure, campaign, here.fields, here.configuration, TODAY, "b1"
    )  # fmt: skip
    assert event["cohorts"]["dover"]["comparison"] == 100
    built(here, 0.6, 0.1)
    found = evaluate(here.home, here.secure, campaign)
    assert (found.against, found.matched_count) == ("comparison", 100)
    assert found.rate and found.rate.is_shown
    assert any("Matched by age, class" in line for line in evaluation_words(found))


def test_what_nobody_can_be_compared_with_has_no_effect_to_tell(tmp_path: Path) -> None:
    here = made(tmp_path, *({"pension_credit_gap_weekly_gbp": 10} for _ in range(30)))
    campaign = here.campaign(holdout_pct=0)
    with pytest.raises(CampaignError, match="no cohort is frozen"):
        evaluate(here.home, here.secure, campaign)
    Register.read(here.home).approve(campaign, "Jo Lead", "agreed")
    freeze(here.home, here.secure, campaign, here.fields, here.configuration, TODAY, "b1")
    built(here, 1, 0)
    found = evaluate(here.home, here.secure, campaign)
    assert found.result == (
        "no effect can be told: nobody is held out, and it is for every district"
    )
    assert found.rate is None and found.brought_gbp is None
