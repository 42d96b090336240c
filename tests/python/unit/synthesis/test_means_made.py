"""Made-up means of pension age: what is in payment is what the law leaves, but where planted."""

from __future__ import annotations

import numpy as np
import pytest
from small_county import PLAN

from openlsi.config import load_configuration
from openlsi.home import Home
from openlsi.synthesis.benefit_rates import local_housing_allowance, pence_in_year, pence_on_day
from openlsi.synthesis.circumstances import OWNER, PRIVATE
from openlsi.synthesis.district import MadeDistrict, make_district
from openlsi.synthesis.housing_benefit import NO_PASSPORT, work_out
from openlsi.synthesis.non_dependants import GROSS_PENCE, rent_deductions, support_deduction
from openlsi.synthesis.plan import SynthesisError, year_start

# Weekly, single and couple, 2023-24 and 2024-25: the standard minimum guarantee.
GUARANTEE = {2023: (20_105, 30_685), 2024: (21_815, 33_295)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeDistrict:
    district = load_configuration(Home(tmp_path_factory.mktemp("home"))).districts[0]
    return make_district(PLAN, district)


def guarantees(made: MadeDistrict) -> np.ndarray:
    s, has_partner = made.segments, work_out(made).has_partner
    table = np.array([GUARANTEE[2023], GUARANTEE[2024]])
    return np.asarray(table[s.year - 2023, has_partner.astype(np.int64)])


def test_only_the_planted_could_have_pension_credit_that_they_do_not_claim(
    made: MadeDistrict,
) -> None:
    s, h, means = made.segments, made.households, made.pension_means
    is_planted = s.is_pension & (s.start >= h.unclaimed_day[s.claim])
    is_passported = h.is_passported[s.claim]
    assert 0 < np.sum(is_planted) < 0.2 * np.sum(s.is_pension & ~is_passported)
    assert not np.any(is_planted & is_passported)
    assert np.all(means.unclaimed[is_planted] >= 300)
    assert not means.unclaimed[s.is_pension & ~is_planted].any()
    # Additions for care and carers only raise what the guarantee comes to.
    above = s.is_pension & ~is_planted & ~is_passported
    assert np.all(means.counted[above] >= guarantees(made)[above])
    plain = ~means.has_severe_disability & ~means.is_carer
    below = s.is_pension & (is_planted | is_passported) & plain
    assert np.all(means.counted[below] < guarantees(made)[below])


def test_support_of_pension_age_is_the_charge_less_a_fifth_of_the_excess(
    made: MadeDistrict,
) -> None:
    s, means = made.segments, made.pension_means
    taken = support_deduction(made.households, s.claim, s.year)
    left = s.weekly_charge - means.excess * 0.2 - taken
    is_least = s.weekly_award == 50
    own = s.is_pension & ~is_least
    assert own.sum() > 100
    assert np.max(np.abs(left - s.weekly_award)[own]) <= 2
    full = own & made.households.is_passported[s.claim]
    assert np.array_equal(s.weekly_award[full], (s.weekly_charge - taken)[full])


def test_housing_benefit_of_pension_age_is_the_eligible_rent_less_65_pence_a_pound(
    made: MadeDistrict,
) -> None:
    s, c, benefit = made.segments, made.circumstances, work_out(made)
    excess = np.where(benefit.passport == NO_PASSPORT, made.pension_means.excess, 0)
    others = rent_deductions(made.households, c, s.claim, s.start, s.year).sum(axis=1)
    own = s.is_pension & benefit.is_awarded
    left = benefit.eligible_rent - np.round(excess * 0.65) - others
    assert np.array_equal((benefit.weekly - benefit.local)[own], left[own])
    assert np.all(benefit.weekly[own] >= 50)
    assert np.all(c.tenure[s.claim[own]] != OWNER)
    private = own & (c.tenure[s.claim] == PRIVATE)
    allowed = local_housing_allowance(made.district.code, benefit.bedrooms, s.year)
    assert np.array_equal(
        benefit.eligible_rent[private], np.minimum(benefit.rent, allowed)[private]
    )


def test_the_savings_credit_is_60_pence_a_pound_of_saving_less_40_above_the_guarantee(
    made: MadeDistrict,
) -> None:
    """A single in 2024-25: threshold £189.80, guarantee £218.15, so at most £17.01."""
    s, means, benefit = made.segments, made.pension_means, work_out(made)
    own = s.is_pension & (s.year == 2024) & ~benefit.has_partner & (means.savings_credit > 0)
    own &= ~means.has_severe_disability & ~means.is_carer
    assert own.any()
    over = means.counted[own] - 21_815
    assert np.all(np.abs(1_701 - 0.4 * over - means.savings_credit[own]) <= 1)


def test_rates_are_those_of_their_day_and_an_unknown_one_is_refused() -> None:
    days = np.array([year_start(2023), year_start(2024), year_start(2024) + 30])
    # Rates are held from 10 April 2023: before it the first one stands.
    assert pence_on_day("uc_child", days).tolist() == [26_958, 26_958, 28_792]
    assert pence_in_year("hb_minimum", np.array([2023, 2026])).tolist() == [50, 50]
    with pytest.raises(SynthesisError, match="no rate uc_nothing"):
        pence_on_day("uc_nothing", days)


def test_only_who_works_lowers_the_support_of_the_home(made: MadeDistrict) -> None:
    h = made.households
    claim = np.arange(len(h))
    taken = support_deduction(h, claim, np.full(len(h), 2024))
    assert not taken[h.non_dependants == 0].any()
    # SI 2012/2885 Sch 1 para 8 in 2024-25: under £256, under £445, under £554 a week.
    expected = dict(zip(GROSS_PENCE.tolist(), [490, 1_005, 1_260], strict=True))
    assert set(taken[taken > 0].tolist()) <= set(expected.values())
