"""Made-up Universal Credit: periods fall where the regulation puts them, awards add, caps hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from small_county import PLAN

from openlsi.config import load_configuration
from openlsi.home import Home
from openlsi.synthesis.district import MadeDistrict, make_district
from openlsi.synthesis.plan import EPOCH, NEVER, Month, day_number
from openlsi.synthesis.uc_amounts import REASONS, amounts, draw_habits
from openlsi.synthesis.uc_claims import (
    NO_CLAIM,
    Claims,
    draw_claims,
    period_start,
    periods_ending_in,
)
from openlsi.synthesis.vendors.universal_credit import share_before


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeDistrict:
    district = load_configuration(Home(tmp_path_factory.mktemp("home"))).districts[0]
    return make_district(PLAN, district)


@pytest.fixture(scope="module")
def claims(made: MadeDistrict) -> Claims:
    return draw_claims(made)


# SI 2013/376 reg 21(2): the 31st is the last day; the 29th and 30th are 27 February, or the 28th in
# a leap year.
@pytest.mark.parametrize(
    ("day", "month", "expected"),
    [
        (15, date(2026, 2, 1), date(2026, 2, 15)),
        (28, date(2026, 2, 1), date(2026, 2, 28)),
        (29, date(2026, 2, 1), date(2026, 2, 27)),
        (30, date(2026, 2, 1), date(2026, 2, 27)),
        (30, date(2024, 2, 1), date(2024, 2, 28)),
        (31, date(2026, 2, 1), date(2026, 2, 28)),
        (31, date(2026, 4, 1), date(2026, 4, 30)),
        (30, date(2026, 4, 1), date(2026, 4, 30)),
        (1, date(2026, 1, 1), date(2026, 1, 1)),
    ],
)
def test_a_period_begins_where_the_regulation_says(day: int, month: date, expected: date) -> None:
    (found,) = period_start(np.array([day]), Month(month)).tolist()
    assert EPOCH + timedelta(days=found) == expected


def test_periods_end_in_their_month_and_follow_each_other_without_a_gap(claims: Claims) -> None:
    ended: dict[int, int] = {}
    for month in PLAN.extract_months:
        periods = periods_ending_in(claims, month)
        assert len(periods.claim) > 0
        assert np.all((periods.end >= month.start) & (periods.end <= month.end))
        assert np.all((periods.end - periods.start + 1 >= 28) & (periods.end - periods.start < 31))
        rows = zip(
            *(column.tolist() for column in (periods.claim, periods.start, periods.end)),
            strict=True,
        )
        for claim, start, end in rows:
            assert ended.get(claim, start - 1) == start - 1
            ended[claim] = end


def test_only_those_with_a_claim_or_an_interest_are_shared(
    made: MadeDistrict, claims: Claims
) -> None:
    with_claim = claims.household[claims.household != NO_CLAIM]
    assert not made.households.is_pension[with_claim].any()
    others = claims.account[claims.household == NO_CLAIM] - made.cts_accounts
    assert made.other_tenants.wants_cts[others].all()
    assert len(others) == made.other_tenants.wants_cts.sum()


def test_an_award_is_its_elements_less_what_is_taken(made: MadeDistrict, claims: Claims) -> None:
    habits = draw_habits(made, claims)
    for month in PLAN.extract_months:
        periods = periods_ending_in(claims, month)
        one = amounts(made, claims, habits, periods)
        whole = one.standard + one.child + one.disabled_child + one.health + one.carer
        whole = whole + one.childcare + one.housing
        assert np.array_equal(one.award, whole - one.earnings_taper - one.other_income - one.cap)
        assert np.all(one.award >= 0) and np.all(one.deducted <= one.award)
        # What the cap holds: all but sanctions, unless rent is taken as a last resort.
        pct = np.where(periods.end < day_number(date(2025, 4, 30)), 25, 15)
        held = one.deducted - one.debts[:, list(REASONS).index("SAN")]
        is_held = ~habits.is_last_resort[periods.claim]
        assert np.all(held[is_held] <= (one.standard * pct // 100)[is_held])
        assert 0.2 < np.mean(one.deducted > 0) < 0.8


def test_the_share_before_a_month_is_by_days_to_the_nearest_penny(claims: Claims) -> None:
    month = Month(date(2024, 11, 1))
    periods = periods_ending_in(claims, month)
    pence = np.arange(len(periods.claim)) * 1_001
    for share, award, start, end in zip(
        share_before(month, periods, pence).tolist(),
        pence.tolist(),
        periods.start.tolist(),
        periods.end.tolist(),
        strict=True,
    ):
        exact = award * max(month.start - start, 0) / (end - start + 1)
        assert abs(share - exact) <= 0.5


def test_a_capped_award_and_child_benefit_come_to_the_cap(
    made: MadeDistrict, claims: Claims
) -> None:
    """Outside London £22,020 a year for families, £14,753 for single people (reg 80A)."""
    habits, capped = draw_habits(made, claims), 0
    for month in PLAN.extract_months:
        one = amounts(made, claims, habits, periods_ending_in(claims, month))
        # 2024-25: £25.60 a week for the eldest, £16.95 for others; a penny of £12 a year is lost.
        if not (6 <= month.first.month <= 12 and month.first.year == 2024):
            continue
        weekly = np.where(one.children > 0, 2_560 + 1_695 * (one.children - 1), 0)
        whole = (one.award - one.childcare) * 12 + weekly * 52
        limit = np.where(one.is_couple | (one.children > 0), 2_202_000, 1_475_300)
        is_capped = (one.cap > 0) & (one.award > one.childcare)
        assert np.all((whole - limit)[is_capped] >= 0)
        assert np.all((whole - limit)[is_capped] < 12)
        excepted = (one.health > 0) | (one.carer > 0) | (one.disabled_child > 0)
        # 16 hours at £11.44 are £793.17 a month.
        excepted |= one.earnings >= 79_317
        assert not one.cap[excepted].any()
        assert np.all(whole[~excepted & ~is_capped] <= limit[~excepted & ~is_capped] + 12)
        capped += int(is_capped.sum())
    assert capped > 0


def test_a_family_that_lost_hours_has_lower_earnings_and_no_less_support(
    made: MadeDistrict, claims: Claims
) -> None:
    habits = draw_habits(made, claims)
    has_lost = claims.hours_day < PLAN.last_day
    assert has_lost.any()
    without = replace(claims, hours_day=np.full(len(claims), NEVER))
    for month in PLAN.extract_months:
        periods = periods_ending_in(claims, month)
        one, other = (amounts(made, of, habits, periods) for of in (claims, without))
        is_lower = periods.end >= claims.hours_day[periods.claim]
        kept = 100 - claims.hours_lost_pct[periods.claim]
        assert np.array_equal(one.earnings[is_lower], (other.earnings * kept // 100)[is_lower])
        assert np.array_equal(one.earnings[~is_lower], other.earnings[~is_lower])
        assert np.all((one.award + one.cap)[is_lower] >= other.award[is_lower])
