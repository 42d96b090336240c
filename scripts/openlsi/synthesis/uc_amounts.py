"""What each Universal Credit award is made of: elements, earnings, taper, cap and deductions.

The rates are the department's published ones of 2023-24 to 2026-27 as far as they are known here;
they were keyed by hand and are not checked against the uprating orders. Everything drawn (who has
childcare, who is in debt to whom) is made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from openlsi.synthesis.circumstances import MOST_CHILDREN, OWNER, PRIVATE, rent_in_year
from openlsi.synthesis.district import MadeDistrict
from openlsi.synthesis.households import YEAR
from openlsi.synthesis.plan import NEVER, Bools, Ints, day_number, year_start
from openlsi.synthesis.uc_claims import NO_CLAIM, Claims, Periods, has_partner

FIRST_RATES, LAST_RATES = 2023, 2026
# Pence a month in 2023-24, 2024-25, 2025-26, 2026-27.
SINGLE_UNDER_25 = np.array([29_211, 31_168, 31_698, 33_858])
SINGLE = np.array([36_874, 39_345, 40_014, 42_490])
COUPLE_UNDER_25 = np.array([45_851, 48_923, 49_755, 52_834])
COUPLE = np.array([57_882, 61_760, 62_810, 66_697])
CHILD = np.array([26_958, 28_792, 29_281, 30_394])
FIRST_CHILD_BEFORE_2017 = np.array([31_500, 33_333, 33_900, 35_188])
DISABLED_CHILD = np.array([14_631, 15_611, 15_876, 16_479])
# Of those who had it before April 2026; new claims get less, which is left out here.
HEALTH = np.array([39_006, 41_619, 42_327, 42_980])
CARER = np.array([18_586, 19_831, 20_168, 20_934])
CHILDCARE_ONE = np.array([95_100, 101_463, 103_188, 107_109])
ALLOWANCE_WITH_RENT = np.array([37_900, 40_400, 41_100, 42_700])
ALLOWANCE_WITHOUT_RENT = np.array([63_100, 67_300, 68_400, 71_000])
TAPER_PCT = 55
CAP_SINGLE, CAP_FAMILY = 1_475_300 // 12, 2_202_000 // 12
CAP_EXCEPTION = np.array([72_200, 79_300, 84_600, 88_100])
# The limit of two children held until 5 April 2026, for children born from 6 April 2017.
TWO_CHILD_DAY, TWO_CHILD_END = day_number(date(2017, 4, 6)), day_number(date(2026, 4, 6))
# Weekly pence of rent that is met at most of private tenants, by number of children: made up.
RENT_MET = np.array([15_500, 19_500, 23_000, 26_500, 30_000])

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
    """Parallel arrays, one entry an assessment period; pence. `debts` has a column a reason."""

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
        has_disabled_child=rng.random(count) < 0.07,
        is_to_landlord=rng.random(count) < np.where(is_social, 0.3, 0.06),
        is_last_resort=rng.random(count) < 0.12,
        unearned=np.where(rng.random(count) < 0.08, rng.integers(2_000, 30_000, count), 0),
        other_earnings=np.where(rng.random(count) < 0.5, rng.integers(20_000, 150_000, count), 0),
        debt_from=np.where(owes, begins, NEVER),
        debt_to=begins + lasts,
    )


def amounts(made: MadeDistrict, claims: Claims, habits: Habits, periods: Periods) -> Amounts:
    """Return what the award of each period is made of."""
    who, day = periods.claim, periods.end
    year = _year_of(periods.start)
    is_couple = has_partner(claims, who, day)
    births = np.sort(claims.child_birth[who], axis=1)
    is_child = (births <= day[:, None]) & (day[:, None] - births < 19 * YEAR)
    children = is_child.sum(axis=1)
    standard = _standard(claims, who, day, is_couple, year)
    child = _child_element(births, is_child, periods.start, year)
    health = np.where(habits.has_health[who], HEALTH[year], 0)
    carer = np.where(claims.is_carer[who], CARER[year], 0)
    disabled = np.where(habits.has_disabled_child[who] & (children > 0), DISABLED_CHILD[year], 0)
    earnings = _earnings(made, claims, habits, who, day)
    is_young = (births > (day - 11 * YEAR)[:, None]) & is_child
    pays_care = habits.has_childcare[who] & (earnings > 0) & is_young.any(axis=1)
    childcare = np.where(pays_care, CHILDCARE_ONE[year] // 3, 0)
    housing = _housing(made, claims, who, year, children)
    has_allowance = (children > 0) | (health > 0)
    allowance = np.where(housing > 0, ALLOWANCE_WITH_RENT[year], ALLOWANCE_WITHOUT_RENT[year])
    counted = np.maximum(earnings - np.where(has_allowance, allowance, 0), 0)
    whole = standard + child + disabled + health + carer + childcare + housing
    taper = np.minimum(counted * TAPER_PCT // 100, whole)
    other = np.minimum(_tariff(claims.capital[who]) + habits.unearned[who], whole - taper)
    left = whole - taper - other
    is_excepted = (health > 0) | (carer > 0) | (disabled > 0) | (earnings >= CAP_EXCEPTION[year])
    limit = np.where(is_couple | (children > 0), CAP_FAMILY, CAP_SINGLE)
    cap = np.where(is_excepted, 0, np.minimum(np.maximum(left - childcare - limit, 0), housing))
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
        earnings_taper=taper,
        other_income=other,
        cap=cap,
        award=award,
        debts=_debts(habits, who, periods.end, standard, award),
    )


def _year_of(start: Ints) -> Ints:
    """Return the place of each period's year in the tables: new rates hold for periods begun."""
    opens = np.array([year_start(year) for year in range(FIRST_RATES + 1, LAST_RATES + 1)])
    return np.asarray(np.searchsorted(opens, start, side="right"), dtype=np.int64)


def _standard(claims: Claims, who: Ints, day: Ints, is_couple: Bools, year: Ints) -> Ints:
    is_young = day - claims.birth[who] < 25 * YEAR
    is_young_couple = is_young & (day - claims.partner_birth[who] < 25 * YEAR)
    single = np.where(is_young, SINGLE_UNDER_25[year], SINGLE[year])
    couple = np.where(is_young_couple, COUPLE_UNDER_25[year], COUPLE[year])
    return np.where(is_couple, couple, single)


def _child_element(births: Ints, is_child: Bools, start: Ints, year: Ints) -> Ints:
    """Return the child element: children born before April 2017 always count, the eldest higher."""
    before = (is_child & (births < TWO_CHILD_DAY)).sum(axis=1)
    count = is_child.sum(axis=1)
    counted = np.where(start < TWO_CHILD_END, np.maximum(before, np.minimum(count, 2)), count)
    more_for_first = np.where(before > 0, FIRST_CHILD_BEFORE_2017[year] - CHILD[year], 0)
    return np.where(counted > 0, counted * CHILD[year] + more_for_first, 0)


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


def _housing(made: MadeDistrict, claims: Claims, who: Ints, year: Ints, children: Ints) -> Ints:
    tenure, plan = claims.tenure[who], made.plan
    weekly = np.zeros(len(who), np.int64)
    for place in np.unique(year).tolist():
        own = year == place
        weekly[own] = rent_in_year(claims.weekly_rent[who[own]], plan, FIRST_RATES + place)
    weekly += claims.service_charge[who]
    met = RENT_MET[np.minimum(children, MOST_CHILDREN)]
    weekly = np.where(tenure == PRIVATE, np.minimum(weekly, met), weekly)
    return np.where(tenure == OWNER, 0, weekly * 52 // 12)


def _tariff(capital: Ints) -> Ints:
    """Return assumed income from capital: £4.35 a month for each £250 or part over £6,000."""
    over = np.maximum(capital - 600_000, 0)
    return np.asarray(-(-over // 25_000) * 435)


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
