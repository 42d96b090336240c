"""What each Universal Credit award is made of: elements, earnings, taper, cap and deductions.

Elements follow the Universal Credit Regulations 2013 (SI 2013/376) at the rates of the day on which
a period begins. Everything drawn (who has childcare, who is in debt to whom) is made up, and so is
that social landlords' homes have no room too many.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from openlsi.synthesis.benefit_rates import on_day, pence_on_day
from openlsi.synthesis.circumstances import OWNER, PRIVATE
from openlsi.synthesis.district import MadeDistrict
from openlsi.synthesis.households import YEAR
from openlsi.synthesis.plan import NEVER, Bools, Ints, day_number
from openlsi.synthesis.plants import disabled_children
from openlsi.synthesis.uc_claims import NO_CLAIM, Claims, Periods, has_partner
from openlsi.synthesis.uc_housing import uc_housing

# The limit of two children is for those born from 6 April 2017 (reg 24A).
TWO_CHILD_DAY = day_number(date(2017, 4, 6))
# From then on a new award has the lower element for health (Universal Credit Act 2025 s2).
LOWER_HEALTH_FROM = day_number(date(2026, 4, 6))
_MONTHS, _WEEKS = 12, 52

# Each deduction by its code in the file: what it is for, the share of claims with it at some time,
# and its amount in hundredths of the standard allowance; made up. They are met in this order.
REASONS = {
    "SAN": ("sanction", 0.05, 30),
    "MIN": ("mortgage_interest", 0.004, 8),
    "RNT": ("rent_arrears", 0.09, 12),
    "SVC": ("service_charges", 0.004, 5),
    "GAS": ("gas", 0.012, 5),
    "ELE": ("electricity", 0.015, 5),
    "CTX": ("council_tax", 0.06, 5),
    "FIN": ("court_fines", 0.035, 6),
    "WAT": ("water", 0.03, 4),
    "CHM": ("child_maintenance", 0.03, 8),
    "BOP": ("benefit_overpayment", 0.07, 10),
    "TCO": ("tax_credit_overpayment", 0.14, 9),
    "ADV": ("advance", 0.42, 9),
    "OTH": ("other", 0.01, 3),
}
# A sanction is no deduction for a debt, so that no cap holds it; neither does the cap hold a
# deduction of last resort for rent.
NOT_CAPPED = ("SAN",)
CAP_FELL = day_number(date(2025, 4, 30))
CAP_PCT_BEFORE, CAP_PCT_AFTER = 25, 15


@dataclass(frozen=True)
class Habits:
    """What is drawn once a claim: parallel arrays; `debt_from` and `debt_to` a column a reason."""

    has_health: Bools
    has_childcare: Bools
    has_disabled_child: Bools
    is_to_landlord: Bools
    is_last_resort: Bools
    unearned: Ints
    other_earnings: Ints
    debt_from: Ints
    debt_to: Ints


@dataclass(frozen=True)
class Amounts:
    """Parallel arrays, one entry an assessment period; pence. `debts` has a column a reason.

    `earnings_before` are the earnings as they would be if no hours had been lost.
    """

    is_couple: Bools
    children: Ints
    standard: Ints
    child: Ints
    disabled_child: Ints
    health: Ints
    carer: Ints
    childcare: Ints
    housing: Ints
    earnings: Ints
    earnings_before: Ints
    earnings_taper: Ints
    other_income: Ints
    cap: Ints
    award: Ints
    debts: Ints

    @property
    def deducted(self) -> Ints:
        """Return what is taken off each award for debts."""
        return np.asarray(self.debts.sum(axis=1))


def draw_habits(made: MadeDistrict, claims: Claims) -> Habits:
    """Draw what does not change over a claim."""
    rng = made.plan.generator(made.district.code, "universal credit amounts")
    plan, count = made.plan, len(claims)
    chance = np.array([share for _, share, _ in REASONS.values()])
    opens = np.maximum(claims.shown_from, plan.as_at - 400)[:, None]
    begins = opens + (rng.random((count, len(chance))) * 900).astype(np.int64)
    lasts = 60 + rng.exponential(420, (count, len(chance))).astype(np.int64)
    owes = rng.random((count, len(chance))) < chance
    is_social = (claims.tenure != OWNER) & (claims.tenure != PRIVATE)
    return Habits(
        has_health=claims.is_disabled & (rng.random(count) < 0.6),
        has_childcare=rng.random(count) < 0.18,
        has_disabled_child=(rng.random(count) < 0.07)
        | disabled_children(plan, made.district.code, (claims.child_birth < NEVER).sum(axis=1)),
        is_to_landlord=rng.random(count) < np.where(is_social, 0.3, 0.06),
        is_last_resort=rng.random(count) < 0.12,
        unearned=np.where(rng.random(count) < 0.08, rng.integers(2_000, 30_000, count), 0),
        other_earnings=np.where(rng.random(count) < 0.5, rng.integers(20_000, 150_000, count), 0),
        debt_from=np.where(owes, begins, NEVER),
        debt_to=begins + lasts,
    )


def amounts(made: MadeDistrict, claims: Claims, habits: Habits, periods: Periods) -> Amounts:
    """Return what the award of each period is made of."""
    who, day, start = periods.claim, periods.end, periods.start
    is_couple = has_partner(claims, who, day)
    births = np.sort(claims.child_birth[who], axis=1)
    is_child = (births <= day[:, None]) & (day[:, None] - births < 19 * YEAR)
    children = is_child.sum(axis=1)
    standard = _standard(claims, who, day, is_couple, start)
    child = _child_element(births, is_child, start)
    is_new = claims.opens[who] >= LOWER_HEALTH_FROM
    health = np.where(is_new, pence_on_day("uc_lcwra_new", start), pence_on_day("uc_lcwra", start))
    health = np.where(habits.has_health[who], health, 0)
    # Of one person only one of the two elements is paid (reg 29(4)).
    cares = claims.is_carer[who] & (health == 0)
    carer = np.where(cares, pence_on_day("uc_carer", start), 0)
    has_disabled = habits.has_disabled_child[who] & (children > 0)
    disabled = np.where(has_disabled, pence_on_day("uc_disabled_child_lower", start), 0)
    earnings_before = _earnings(made, claims, habits, who, day)
    # Planted: hours are lost, and the earnings with them.
    lost_pct = np.where(day >= claims.hours_day[who], claims.hours_lost_pct[who], 0)
    earnings = earnings_before * (100 - lost_pct) // 100
    is_young = (births > (day - 11 * YEAR)[:, None]) & is_child
    pays_care = habits.has_childcare[who] & (earnings > 0) & is_young.any(axis=1)
    childcare = np.where(pays_care, pence_on_day("uc_childcare_maximum_one", start) // 3, 0)
    housing = uc_housing(made, claims, periods)
    has_allowance = (children > 0) | (health > 0)
    allowance = np.where(
        housing > 0,
        pence_on_day("uc_work_allowance_with_housing", start),
        pence_on_day("uc_work_allowance_without_housing", start),
    )
    counted = np.maximum(earnings - np.where(has_allowance, allowance, 0), 0)
    whole = standard + child + disabled + health + carer + childcare + housing
    tapered = np.floor(counted * on_day("uc_taper", start)).astype(np.int64)
    taper = np.minimum(tapered, whole)
    other = np.minimum(_tariff(claims.capital[who], start) + habits.unearned[who], whole - taper)
    left = whole - taper - other
    is_excepted = (health > 0) | (carer > 0) | (disabled > 0)
    is_excepted |= earnings >= _cap_earnings(start)
    cap = np.where(
        is_excepted, 0, _over_cap(left, childcare, children, is_couple | (children > 0), start)
    )
    award = left - cap
    return Amounts(
        is_couple=is_couple,
        children=children,
        standard=standard,
        child=child,
        disabled_child=disabled,
        health=health,
        carer=carer,
        childcare=childcare,
        housing=housing,
        earnings=earnings,
        earnings_before=earnings_before,
        earnings_taper=taper,
        other_income=other,
        cap=cap,
        award=award,
        debts=_debts(habits, who, periods.end, standard, award),
    )


def _standard(claims: Claims, who: Ints, day: Ints, is_couple: Bools, start: Ints) -> Ints:
    is_young = day - claims.birth[who] < 25 * YEAR
    is_young_couple = is_young & (day - claims.partner_birth[who] < 25 * YEAR)

    def by_age(young: Bools, code: str, code_of_young: str) -> Ints:
        own, of_young = (
            pence_on_day(f"uc_standard_allowance_{name}", start) for name in (code, code_of_young)
        )
        return np.where(young, of_young, own)

    couple = by_age(is_young_couple, "couple_one_25_or_over", "couple_both_under_25")
    return np.where(is_couple, couple, by_age(is_young, "single_25_or_over", "single_under_25"))


def _child_element(births: Ints, is_child: Bools, start: Ints) -> Ints:
    """Return the child element: children born before April 2017 always count, the eldest higher."""
    each = pence_on_day("uc_child", start)
    before = (is_child & (births < TWO_CHILD_DAY)).sum(axis=1)
    most = on_day("uc_child_limit", start).astype(np.int64)
    counted = np.maximum(before, np.minimum(is_child.sum(axis=1), most))
    eldest = pence_on_day("uc_child_first_born_before_2017_04_06", start)
    return np.where(counted > 0, counted * each + np.where(before > 0, eldest - each, 0), 0)


def _cap_earnings(start: Ints) -> Ints:
    """Return the monthly earnings from which on no award is capped (reg 82(1)(a))."""
    hours = on_day("benefit_cap_exempt_hours", start)
    weekly = hours * pence_on_day("minimum_wage_21_and_over", start)
    return np.floor(weekly * _WEEKS / _MONTHS).astype(np.int64)


def _over_cap(left: Ints, childcare: Ints, children: Ints, is_family: Bools, start: Ints) -> Ints:
    """Return by how much award and Child Benefit exceed the cap; childcare stays outside it.

    Regulations 80A and 81: the reduction takes no more than the award.
    """
    limit = np.where(
        is_family,
        pence_on_day("benefit_cap_family_outside_london", start),
        pence_on_day("benefit_cap_single_outside_london", start),
    )
    later = np.maximum(children - 1, 0) * pence_on_day("child_benefit_other", start)
    weekly = np.where(children > 0, pence_on_day("child_benefit_eldest", start) + later, 0)
    whole = (left - childcare) * _MONTHS + weekly * _WEEKS
    over = np.maximum(whole - limit, 0) // _MONTHS
    return np.asarray(np.minimum(over, np.maximum(left - childcare, 0)))


def _earnings(made: MadeDistrict, claims: Claims, habits: Habits, who: Ints, day: Ints) -> Ints:
    """Return net earnings: of CTS households the earned part of the income that their award has."""
    household = claims.household[who]
    has_claim = household != NO_CLAIM
    s, step = made.segments, 1_000_000
    place = np.searchsorted(
        s.claim * step + s.start, np.maximum(household, 0) * step + day, side="right"
    )
    weekly = np.maximum(s.weekly_income[np.maximum(place - 1, 0)], 0)
    pct = made.circumstances.earnings_pct[np.maximum(household, 0)]
    earned = weekly * pct * 52 // 1200
    return np.where(has_claim, earned, habits.other_earnings[who])


def _tariff(capital: Ints, start: Ints) -> Ints:
    """Return the monthly income that savings are taken to yield (reg 72(1))."""
    over = np.maximum(capital - pence_on_day("uc_capital_disregarded", start), 0)
    steps = -(-over // pence_on_day("uc_capital_step", start))
    return np.asarray(steps * pence_on_day("uc_capital_income_per_step", start))


def _debts(habits: Habits, who: Ints, day: Ints, standard: Ints, award: Ints) -> Ints:
    """Return the deductions of each period, a column a reason, held to the cap and to the award."""
    cap_pct = np.where(day < CAP_FELL, CAP_PCT_BEFORE, CAP_PCT_AFTER)
    room, left = standard * cap_pct // 100, award.copy()
    debts = np.zeros((len(who), len(REASONS)), np.int64)
    runs = (habits.debt_from[who] <= day[:, None]) & (day[:, None] <= habits.debt_to[who])
    for place, (reason, (_, _, pct)) in enumerate(REASONS.items()):
        asked = np.where(runs[:, place], standard * pct // 100, 0)
        held = np.minimum(asked, room)
        if reason in NOT_CAPPED:
            held = asked
        elif reason == "RNT":
            held = np.where(habits.is_last_resort[who], asked * 2, held)
        taken = np.minimum(held, left)
        debts[:, place] = taken
        left -= taken
        if reason not in NOT_CAPPED:
            room = np.maximum(room - taken, 0)
    return debts
