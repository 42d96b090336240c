"""Housing Benefit: which tenants have it, what it comes to by day, and the incomes behind it.

It follows the award periods of Council Tax Support, which every household here has, so that the two
feeds agree about people, moves, incomes and Universal Credit. Of pension age it is what the law
comes to (SI 2006/214) at the rates of the year. Of working age it is made up in that manner: it is
closed to new claims, and no rule of the warehouse estimates it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from openlsi.synthesis.awards import Segments
from openlsi.synthesis.benefit_rates import (
    MOST_BEDROOMS,
    in_year,
    local_housing_allowance,
    pence_in_year,
)
from openlsi.synthesis.circumstances import OWNER, PRIVATE, rent_in_year
from openlsi.synthesis.district import MadeDistrict
from openlsi.synthesis.non_dependants import rent_deductions
from openlsi.synthesis.pension_means import WAR_DISREGARD
from openlsi.synthesis.plan import OPEN, Bools, Ints, Month
from openlsi.synthesis.posting import ENDED, IN_PAYMENT, SUSPENDED, rounded_sevenths
from openlsi.synthesis.targets import BASE_YEAR

NO_PASSPORT, INCOME_SUPPORT, JSA, ESA, PENSION_CREDIT = range(5)
# Weekly amounts in pence of working age, made up near those of 2025-26.
_ALLOWANCE_SINGLE, _ALLOWANCE_COUPLE, _ALLOWANCE_CHILD = 9_205, 14_465, 8_390
_ESA_BASIC, _ESA_SUPPORT = 9_205, 4_870


@dataclass(frozen=True)
class HousingBenefit:
    """Parallel arrays, one entry an award period of `Segments`; money in weekly pence.

    `since` is the day on which the run of benefit that the period is part of began; `house` numbers
    the periods of a claim from 1. `lha` is 0 where the allowance does not apply; `local` is the
    part of `weekly` that a district pays from its own funds. `incomes` and `partner_incomes` hold
    arrays by kind, in the words of the canonical records.
    """

    is_awarded: Bools
    since: Ints
    house: Ints
    has_partner: Bools
    passport: Ints
    rent: Ints
    eligible_rent: Ints
    bedrooms: Ints
    lha: Ints
    weekly: Ints
    local: Ints
    assessed_income: Ints
    incomes: dict[str, Ints]
    partner_incomes: dict[str, Ints]


@dataclass(frozen=True)
class Rows:
    """The benefit periods that an extract holds, by claim and day; `end` is OPEN until known."""

    segment: Ints
    claim: Ints
    end: Ints
    is_last: Bools
    is_only: Bools
    status: Ints

    def take(self, chosen: Ints) -> Rows:
        """Return the chosen rows."""
        return Rows(*(getattr(self, field.name)[chosen] for field in fields(self)))


def work_out(made: MadeDistrict) -> HousingBenefit:
    """Work out the Housing Benefit of every award period of a district's tenants."""
    s, h, c = made.segments, made.households, made.circumstances
    claim, tenure = s.claim, made.circumstances.tenure[s.claim]
    is_awarded = (tenure != OWNER) & ~s.is_on_uc
    is_later = s.start >= h.household_day[claim]
    has_partner = np.where(is_later, h.has_partner_later[claim], h.has_partner[claim])
    rent = c.service_charge[claim].copy()
    for year in np.unique(s.year).tolist():
        own = s.year == year
        rent[own] += rent_in_year(c.weekly_rent[claim[own]], made.plan, year)
    rooms = 1 + (h.dependants[claim] + 1) // 2 + h.non_dependants[claim]
    bedrooms = np.minimum(rooms, MOST_BEDROOMS)
    allowances = local_housing_allowance(made.district.code, bedrooms, s.year)
    lha = np.where(tenure == PRIVATE, allowances, 0)
    eligible = np.where(lha > 0, np.minimum(rent, lha), rent)
    passport = _passports(s, h.is_passported[claim], c.is_disabled[claim], h.dependants[claim])
    excess = np.where(s.is_pension, made.pension_means.excess, _working_excess(made, has_partner))
    taper = in_year("hb_taper", s.year)
    others = rent_deductions(h, c, claim, s.start, s.year).sum(axis=1)
    excess = np.where(passport == NO_PASSPORT, excess, 0)
    weekly = eligible - np.round(excess * taper).astype(np.int64) - others
    is_awarded &= weekly >= pence_in_year("hb_minimum", s.year)
    weekly = np.maximum(weekly, 0)
    war = np.maximum(made.pension_means.war_pension - WAR_DISREGARD, 0)
    local = np.where(s.is_pension, np.round(np.minimum(excess, war) * taper), 0).astype(np.int64)
    incomes, partner_incomes = _incomes(made, has_partner, passport)
    return HousingBenefit(
        is_awarded=is_awarded,
        since=_since(s, h.claim_start[claim], is_awarded),
        house=_numbered(claim),
        has_partner=has_partner,
        passport=passport,
        rent=rent,
        eligible_rent=eligible,
        bedrooms=bedrooms,
        lha=lha,
        weekly=weekly + local,
        local=local,
        assessed_income=np.where(passport == NO_PASSPORT, np.maximum(s.weekly_income, 0), 0),
        incomes=incomes,
        partner_incomes=partner_incomes,
    )


def _passports(s: Segments, is_passported: Bools, is_disabled: Bools, children: Ints) -> Ints:
    working = np.where(is_disabled, ESA, np.where(children > 0, INCOME_SUPPORT, JSA))
    return np.where(is_passported, np.where(s.is_pension, PENSION_CREDIT, working), NO_PASSPORT)


def _working_excess(made: MadeDistrict, has_partner: Bools) -> Ints:
    """Return what incomes of working age exceed made-up applicable amounts by, in pence a week."""
    s = made.segments
    whole = np.where(has_partner, _ALLOWANCE_COUPLE, _ALLOWANCE_SINGLE)
    whole = whole + made.households.dependants[s.claim] * _ALLOWANCE_CHILD
    grown = np.round(whole * 1.04 ** (s.year - BASE_YEAR)).astype(np.int64)
    return np.asarray(np.maximum(np.maximum(s.weekly_income, 0) - grown, 0))


def _since(s: Segments, claim_start: Ints, is_awarded: Bools) -> Ints:
    """Return when the unbroken run of awarded periods began that each period belongs to."""
    follows = np.zeros(len(s.claim), dtype=np.bool_)
    follows[1:] = (s.claim[1:] == s.claim[:-1]) & is_awarded[:-1]
    is_start = ~(follows & is_awarded)
    begins = np.where(s.is_first, np.minimum(claim_start, s.start), s.start)
    at = np.maximum.accumulate(np.where(is_start, np.arange(len(s.claim)), 0))
    return begins[at] if len(at) else begins


def _numbered(claim: Ints) -> Ints:
    """Return 1, 2, … within each claim."""
    starts = np.searchsorted(claim, claim)
    return np.asarray(np.arange(len(claim)) - starts + 1, dtype=np.int64)


def _incomes(
    made: MadeDistrict, has_partner: Bools, passport: Ints
) -> tuple[dict[str, Ints], dict[str, Ints]]:
    """Split each weekly income into kinds, and add those that no means test counts."""
    s, h, c, means = made.segments, made.households, made.circumstances, made.pension_means
    claim, is_pension = s.claim, s.is_pension
    is_working, is_free = ~is_pension, passport == NO_PASSPORT
    income = np.maximum(s.weekly_income, 0)
    earned = np.where(is_working & is_free, income * c.earnings_pct[claim] // 100, 0)
    by_partner = np.where(has_partner, earned * 2 // 5, 0)
    is_self_employed = claim % 8 == 3
    rest = np.where(is_working & is_free, income - earned, 0)
    is_family, is_disabled = h.dependants[claim] > 0, c.is_disabled[claim]

    def rate(code: str, chosen: Bools) -> Ints:
        return np.where(chosen, pence_in_year(code, s.year), 0)

    def of_pension(pence: Ints) -> Ints:
        return np.where(is_pension, pence, 0)

    later = rate("child_benefit_other", is_family) * np.maximum(h.dependants[claim] - 1, 0)
    is_mobile = is_working & is_disabled & (claim % 3 == 0)
    claimant = {
        "employment_net": np.where(is_self_employed, 0, earned - by_partner),
        "self_employment_net": np.where(is_self_employed, earned - by_partner, 0),
        "state_pension": of_pension(means.state_pension),
        "occupational_pension": of_pension(means.occupational_pension),
        "pension_credit_savings": of_pension(means.savings_credit),
        "tax_credits": np.where(is_family, rest, 0),
        "other": np.where(is_family, 0, rest),
        "child_benefit": rate("child_benefit_eldest", is_family) + later,
        "attendance_allowance": rate("attendance_allowance_higher", is_pension & is_disabled),
        "dla_care": rate("dla_care_middle", is_working & is_disabled),
        "dla_mobility": rate("pip_mobility_standard", is_mobile),
        "carers_allowance": rate("carers_allowance", is_working & c.is_carer[claim]),
        "esa": np.where(passport == ESA, _ESA_BASIC, 0),
        "esa_support": np.where((passport == ESA) & (claim % 2 == 0), _ESA_SUPPORT, 0),
    }
    partner = {
        "employment_net": by_partner,
        "state_pension": of_pension(means.partner_state_pension),
        "war_pension": of_pension(means.war_pension),
    }
    return claimant, partner


def rows_known(
    made: MadeDistrict, benefit: HousingBenefit, index: int, month: Month, opens: int
) -> Rows:
    """Return the benefit periods with a day from `opens` to the month's end, as known at its end.

    `index` is the month's place among the run months.
    """
    s, h = made.segments, made.households
    is_shown = (s.known <= index) & ((s.to_known > index) | (s.end >= opens))
    shown = np.flatnonzero(is_shown & benefit.is_awarded)
    claim = s.claim[shown]
    end = np.where(s.to_known[shown] <= index, s.end[shown], OPEN)
    is_new = np.concatenate([[True], claim[1:] != claim[:-1]]) if len(claim) else claim == 0
    is_last = np.concatenate([claim[1:] != claim[:-1], [True]]) if len(claim) else claim == 0
    last_end = end[np.searchsorted(claim, claim, side="right") - 1]
    suspended = h.suspended_from[claim]
    is_suspended = (suspended <= month.end) & (suspended > month.start - 60)
    return Rows(
        segment=shown,
        claim=claim,
        end=end,
        is_last=is_last,
        is_only=is_new & is_last,
        status=np.where(
            last_end <= month.end, ENDED, np.where(is_suspended, SUSPENDED, IN_PAYMENT)
        ),
    )


def measures(
    benefit: HousingBenefit, rows: Rows, starts: Ints, is_good: Bools, month: Month
) -> dict[str, tuple[int, int]]:
    """Return what good rows come to in a month: claims in payment, their weekly benefit, accrual.

    A claim that the extract of a later month gives as ended was in payment at this month's end if
    it ended afterwards. Values are a count of claims and pence.
    """
    begins, ends = np.maximum(starts, month.start), np.minimum(rows.end, month.end)
    days = np.where(is_good, np.maximum(ends - begins + 1, 0), 0)
    weekly = benefit.weekly[rows.segment]
    accrued = rounded_sevenths(weekly * days)
    is_paid = (rows.status == IN_PAYMENT) | ((rows.status == ENDED) & (rows.end > month.end))
    is_paid &= (days > 0) & (ends == month.end)
    return {
        "hb_in_payment": (len(np.unique(rows.claim[is_paid])), int(weekly[is_paid].sum())),
        "hb_accrued": (len(np.unique(rows.claim[days > 0])), int(accrued.sum())),
    }
