"""The means of households of pension age: what the rules allow them, and what they have.

Council Tax Support was drawn to meet the published pounds; the excess income that it rests on
decides here what a household must have for it: its applicable amount and the excess. Whoever has
the guarantee credit has less than its amount, and so has, planted, who could have it and did not
claim. State Pension Credit Act 2002 ss2 and 3, SI 2002/1792, SI 2006/214.

What no feed tells of owners (a benefit for care, a carer) they do not have. Nobody born from
6 April 1951 has the savings credit, although the law gave it to women born until two years later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from openlsi.synthesis.benefit_rates import in_year, pence_in_year
from openlsi.synthesis.circumstances import OWNER
from openlsi.synthesis.plan import Bools, Floats, Ints, day_number

if TYPE_CHECKING:
    from openlsi.synthesis.awards import Segments
    from openlsi.synthesis.circumstances import Circumstances
    from openlsi.synthesis.households import Households

NO_SAVINGS_CREDIT_FROM = day_number(date(1951, 4, 6))
# Pension age before April 2021: it was 66 then.
LOWER_ALLOWANCE_FROM = day_number(date(1955, 4, 1))
# Pounds that rounding cannot take below the guarantee, which would be a finding.
_MARGIN = 5.0
_WEEKS = 52
_MOST_STATE_PENSION = 22_000
WAR_PENSION, WAR_DISREGARD = 4_000, 1_000  # SI 2006/214 Sch 5 para 1


@dataclass(frozen=True)
class PensionMeans:
    """Parallel arrays, one entry an award period, of meaning in those of pension age; pence a week.

    `counted` is the income that the means test counts, before Pension Credit; `excess` what it and
    the savings credit exceed the applicable amount by. `unclaimed` is the Pension Credit that a
    planted household could have.
    """

    counted: Ints
    excess: Ints
    has_severe_disability: Bools
    is_carer: Bools
    savings_credit: Ints
    unclaimed: Ints
    state_pension: Ints
    occupational_pension: Ints
    partner_state_pension: Ints
    war_pension: Ints


@dataclass(frozen=True)
class _Amounts:
    """What the law allows each household, in pence a week."""

    guarantee: Floats
    threshold: Floats
    appropriate: Floats
    applicable: Floats


def work_out_means(h: Households, c: Circumstances, s: Segments) -> PensionMeans:
    """Return the means of every award period."""
    claim, year = s.claim, s.year
    is_later = s.start >= h.household_day[claim]
    has_partner = np.where(is_later, h.has_partner_later[claim], h.has_partner[claim])
    is_tenant = c.tenure[claim] != OWNER
    is_alone = ~has_partner & (h.non_dependants[claim] == 0)
    has_severe = c.is_disabled[claim] & is_tenant & is_alone
    is_carer = c.is_carer[claim] & is_tenant
    eldest = np.where(has_partner, np.minimum(h.birth, h.partner_birth)[claim], h.birth[claim])
    youngest = np.where(has_partner, np.maximum(h.birth, h.partner_birth)[claim], h.birth[claim])
    amounts = _amounts(year, has_partner, eldest, has_severe, is_carer)
    may_save = youngest < NO_SAVINGS_CREDIT_FROM
    is_unclaimed = s.start >= h.unclaimed_day[claim]
    has_guarantee = h.is_passported[claim]
    below = np.where(is_unclaimed, 300 + h.birth[claim] * 53 % 3_700, 300 + h.birth[claim] % 5_700)
    counted = np.where(
        has_guarantee | is_unclaimed,
        amounts.appropriate - below,
        _counted_above(amounts, np.asarray(s.weekly_excess + _MARGIN), may_save),
    )
    savings_credit = np.where(may_save, _savings_credit(amounts, counted, year), 0)
    excess = np.maximum(counted + savings_credit - amounts.applicable, 0)
    tariff = _tariff(c.capital[claim], year)
    # War pensions, which districts may leave out of account at their own cost.
    war = np.where(has_partner & ~has_guarantee & (claim % 200 == 11), WAR_PENSION, 0)
    net = np.maximum(counted - tariff - np.maximum(war - WAR_DISREGARD, 0), 0)
    own, partner = _pensions(net, has_partner, year)
    state = np.minimum(own, _MOST_STATE_PENSION)
    owed = np.maximum(amounts.appropriate - counted, 0) + savings_credit
    is_claimed = ~has_guarantee & ~is_unclaimed
    return PensionMeans(
        counted=np.round(counted).astype(np.int64),
        excess=np.round(np.where(is_claimed, excess, 0)).astype(np.int64),
        has_severe_disability=has_severe,
        is_carer=is_carer,
        savings_credit=np.round(np.where(is_claimed, savings_credit, 0)).astype(np.int64),
        unclaimed=np.round(np.where(is_unclaimed, owed, 0)).astype(np.int64),
        state_pension=state,
        occupational_pension=own - state,
        partner_state_pension=partner,
        war_pension=war,
    )


def _amounts(
    year: Ints, has_partner: Bools, eldest: Ints, has_severe: Bools, is_carer: Bools
) -> _Amounts:
    def by_partner(single: str, couple: str) -> Ints:
        return np.where(has_partner, pence_in_year(couple, year), pence_in_year(single, year))

    guarantee = by_partner("pc_guarantee_single", "pc_guarantee_couple")
    threshold = by_partner("pc_savings_threshold_single", "pc_savings_threshold_couple")
    allowance = np.where(
        eldest < LOWER_ALLOWANCE_FROM,
        by_partner(
            "hb_allowance_single_before_april_2021", "hb_allowance_couple_before_april_2021"
        ),
        by_partner("hb_allowance_single", "hb_allowance_couple"),
    )
    additions, premiums = (
        np.where(has_severe, pence_in_year(f"{law}_severe_disability", year), 0)
        + np.where(is_carer, pence_in_year(f"{law}_carer", year), 0)
        for law in ("pc", "hb")
    )
    return _Amounts(
        guarantee=guarantee.astype(np.float64),
        threshold=threshold.astype(np.float64),
        appropriate=(guarantee + additions) * 1.0,
        applicable=(allowance + premiums) * 1.0,
    )


def _savings_credit(a: _Amounts, counted: Floats, year: Ints) -> Floats:
    """Return the savings credit of an income (State Pension Credit Act 2002 s3)."""
    share, withdrawn = in_year("pc_savings_share", year), in_year("pc_savings_withdrawn", year)
    gained = np.clip(counted - a.threshold, 0, a.guarantee - a.threshold) * share
    lost = np.maximum(counted - a.appropriate, 0) * withdrawn
    return np.asarray(np.maximum(gained - lost, 0))


def _counted_above(a: _Amounts, excess: Floats, may_save: Bools) -> Floats:
    """Return the income which, with its savings credit, exceeds the applicable amount by `excess`.

    Above the appropriate amount the credit falls by 40p for each pound, until there is none.
    """
    target = a.applicable + excess
    most = 0.6 * (a.guarantee - a.threshold)
    with_credit = a.appropriate + (target - a.appropriate - most) / 0.6
    has_credit = may_save & (with_credit < a.appropriate + most / 0.4)
    return np.where(has_credit, np.maximum(with_credit, a.appropriate), target)


def _tariff(capital: Ints, year: Ints) -> Floats:
    """Return the weekly income that savings are taken to yield (SI 2006/214 reg 29(2))."""
    over = np.maximum(capital - in_year("hb_capital_disregarded", year) * 100, 0)
    steps = np.ceil(over / (in_year("hb_capital_step", year) * 100))
    return np.asarray(steps * in_year("hb_capital_income_per_step", year) * 100)


def _pensions(net: Floats, has_partner: Bools, year: Ints) -> tuple[Ints, Ints]:
    """Return the pensions of claimant and partner before tax that leave a couple `net`.

    The partner stays so far below the personal allowance that the marriage allowance goes over.
    """
    allowance = in_year("tax_personal_allowance", year) * 100 / _WEEKS
    moved = np.ceil(in_year("tax_personal_allowance", year) * 0.01) * 10 * 100 / _WEEKS
    basic = in_year("tax_rate_basic", year)
    partner = np.where(has_partner, np.minimum(net * 0.45, 21_000), 0)
    partner = np.floor(partner).astype(np.int64)
    free = allowance + np.where(has_partner, moved, 0)
    own = net - partner
    gross = np.where(own > free, (own - basic * free) / (1 - basic), own)
    return np.ceil(gross).astype(np.int64), partner
