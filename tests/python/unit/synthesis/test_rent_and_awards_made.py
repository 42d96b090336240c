"""What is made of rent and discretionary awards agrees with itself and with the other feeds."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from openlsi.config import load_configuration
from openlsi.home import Home
from openlsi.synthesis.circumstances import COUNCIL, OWNER
from openlsi.synthesis.discretionary import CRF, DHP, NO_CLAIM, draw_awards
from openlsi.synthesis.district import MadeDistrict, make_district
from openlsi.synthesis.housing_benefit import work_out
from openlsi.synthesis.plan import Plan
from openlsi.synthesis.rent_books import KINDS, RentMonth, Tenancies, draw_tenancies, rent_months

PLAN = Plan(months=30, until="2026-06", sample=0.1, seed=20261031, scale=0.1)


@pytest.fixture(scope="module")
def ashford(tmp_path_factory: pytest.TempPathFactory) -> MadeDistrict:
    district = load_configuration(Home(tmp_path_factory.mktemp("nothing"))).district("ashford")
    assert district is not None
    return make_district(PLAN, district)


@pytest.fixture(scope="module")
def books(ashford: MadeDistrict) -> tuple[Tenancies, list[RentMonth]]:
    tenancies = draw_tenancies(ashford)
    return tenancies, list(rent_months(ashford, tenancies))


Books = tuple[Tenancies, list[RentMonth]]


def test_every_balance_is_the_one_before_and_the_postings_between(books: Books) -> None:
    tenancies, months = books
    for before, now in itertools.pairwise(months):
        posted = np.bincount(
            now.transactions.tenancy, weights=now.transactions.pence, minlength=len(tenancies)
        )
        assert np.array_equal(now.balance, before.balance + posted.astype(np.int64))


def test_tenants_are_those_of_a_council_and_leavers_stay_while_they_owe(
    ashford: MadeDistrict, books: Books
) -> None:
    tenancies, months = books
    has_claim = tenancies.claim != NO_CLAIM
    assert has_claim.any() and not has_claim.all()
    assert set(ashford.circumstances.tenure[tenancies.claim[has_claim]]) == {COUNCIL}
    for month, when in zip(months, PLAN.extract_months, strict=True):
        shown = np.zeros(len(tenancies), np.bool_)
        shown[month.shown] = True
        assert np.all(shown[month.balance != 0])
        is_open = (tenancies.start <= when.end) & (tenancies.end >= when.start)
        assert np.all(shown[is_open])
        days = month.transactions.day
        assert days.min() >= when.start and days.max() <= when.end


def test_housing_benefit_on_rent_accounts_is_that_of_the_benefit_feed(
    ashford: MadeDistrict, books: Books
) -> None:
    tenancies, months = books
    benefit, s = work_out(ashford), ashford.segments
    month, when = months[-1], PLAN.extract_months[-1]
    now = (s.start <= when.end) & (s.end >= when.end) & benefit.is_awarded
    weekly = dict(zip(s.claim[now].tolist(), benefit.weekly[now].tolist(), strict=True))
    is_benefit = month.transactions.kind == KINDS.index("housing_benefit")
    paid = month.transactions.tenancy[is_benefit]
    # Through the month, so that every Monday of it is charged: five in June 2026.
    whole = (tenancies.start[paid] < when.start) & (tenancies.end[paid] > when.end)
    pence = month.transactions.pence[is_benefit][whole]
    assert len(pence) > 5
    assert pence.tolist() == [-5 * weekly[claim] for claim in tenancies.claim[paid[whole]].tolist()]


def test_recovery_goes_one_step_a_month_and_nobody_is_chased_who_owes_nothing(
    books: Books,
) -> None:
    tenancies, months = books
    for before, now in itertools.pairwise(months):
        assert np.all(now.recovery.stage - before.recovery.stage <= 1)
        weekly = before.weekly_rent + tenancies.service
        assert np.all(now.recovery.stage[before.balance < weekly * 0.9] == 0)


def test_awards_follow_the_funds_and_the_tenants(ashford: MadeDistrict) -> None:
    months = draw_awards(ashford)
    for awards, when in zip(months, PLAN.extract_months, strict=True):
        is_new_fund = when.first.isoformat() >= "2026-04-01"
        assert set(awards.fund.tolist()) == ({CRF} if is_new_fund else {DHP, 1})
        housing = awards.claim[awards.fund == DHP]
        assert OWNER not in ashford.circumstances.tenure[housing]
        assert awards.decided.min() >= when.start and awards.decided.max() <= when.end
    number = np.concatenate([awards.number for awards in months])
    assert len(np.unique(number)) == len(number)
    assert any(np.any(awards.claim == NO_CLAIM) for awards in months)
