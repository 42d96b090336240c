"""Awards: the weekly amounts of each claim, period by period, and when each became known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from openlsi.synthesis.non_dependants import support_deduction
from openlsi.synthesis.plan import (
    NEVER,
    OPEN,
    Bools,
    Floats,
    Ints,
    Plan,
    month_index,
    year_days,
    year_start,
)
from openlsi.synthesis.targets import BASE_YEAR, Targets

if TYPE_CHECKING:
    from openlsi.synthesis.households import Households

# By discount kind (LGFA 1992 s11; s13A applies to what is left).
CHARGED_RATIOS = np.array([1.0, 0.75, 0.75, 0.5, 1.0])
TAPER = 0.2  # SI 2012/2885 Sch 1 para 3(f)(ii), for weekly excess income
NON_DEPENDANT_PENCE = 500  # of working age: made up
SMALLEST_AWARD = 0.5


@dataclass(frozen=True)
class Segments:
    """Award periods, ordered by claim and day; within one council tax year each.

    `weekly_excess` is the excess income of pension age that the award rests on. `known` is the
    index of the run month in which the period first shows, `to_known` that in which its end shows
    (beyond the last month: never). Money in pence.
    """

    claim: Ints
    account_number: Ints
    start: Ints
    end: Ints
    known: Ints
    to_known: Ints
    year: Ints
    is_first: Bools
    weekly_charge: Ints
    weekly_income: Ints
    weekly_excess: Ints
    weekly_award: Ints
    is_pension: Bools
    is_on_uc: Bools


def weekly_amounts(
    targets: Targets, h: Households, claim: Ints, day: Ints, year: int
) -> tuple[Floats, Floats]:
    """Return the weekly charge and the weekly award in pounds of claims as on a day.

    The charge is rounded down to the penny, so that a full award never exceeds the year's bill.
    """
    band = np.where(day >= h.move_day[claim], h.band_after_move[claim], h.band[claim])
    kind = np.where(day >= h.household_day[claim], h.discount_later[claim], h.discount[claim])
    yearly = targets.annual_charge(band, year) * CHARGED_RATIOS[kind]
    charge = np.floor(yearly / year_days(year) * 700 + 1e-6) / 100
    # Pounds of the means test grow with Band D, so that awards do.
    growth = targets.band_d_gbp[year] / targets.band_d_gbp[BASE_YEAR]
    step = np.where(day >= h.change_day[claim], h.step_later[claim], h.step[claim])
    step = np.where(day >= h.second_change_day[claim], h.step_last[claim], step)
    others = h.non_dependants[claim] * NON_DEPENDANT_PENCE * growth / 100
    changes = (day >= h.change_day[claim]).astype(np.int64) - (day >= h.second_change_day[claim])
    excess = h.excess_pence[claim] / 100 * growth * (1 + 0.3 * changes)
    # Below the guarantee nothing exceeds the applicable amount, claimed or not.
    excess = np.where(day >= h.unclaimed_day[claim], 0, excess)
    working = charge * targets.reduction_ratios[step] - others
    years = np.full(len(claim), year)
    pension = charge - excess * TAPER - support_deduction(h, claim, years) / 100
    award = np.where(day >= h.pension_day[claim], pension, working)
    return charge, np.round(np.clip(award, SMALLEST_AWARD, charge), 2)


def award_segments(
    rng: np.random.Generator, plan: Plan, targets: Targets, h: Households
) -> Segments:
    """Cut every claim at each event and each 1 April, and decide which cuts become known late."""
    claim, start, end = _cuts(plan, h)
    is_first = np.concatenate([[True], claim[1:] != claim[:-1]]) if len(claim) else claim == 0
    year = _years(plan, start)
    known, to_known = _known(rng, plan, h, claim, start, end, is_first, year)
    charge, award = np.zeros(len(claim)), np.zeros(len(claim))
    for one in np.unique(year):
        own = year == one
        charge[own], award[own] = weekly_amounts(targets, h, claim[own], start[own], int(one))
    is_pension = start >= h.pension_day[claim]
    # What the award leaves of the charge, as it was rounded and as its least amount bounds it.
    left = charge - award - support_deduction(h, claim, year) / 100
    return Segments(
        claim=claim,
        account_number=(start >= h.move_day[claim]).astype(np.int64),
        start=start,
        end=end,
        known=known,
        to_known=to_known,
        year=year,
        is_first=is_first,
        weekly_charge=np.round(charge * 100).astype(np.int64),
        weekly_income=_incomes(rng, h, claim, start, year),
        weekly_excess=np.round(np.maximum(left, 0) / TAPER * 100).astype(np.int64),
        weekly_award=np.round(award * 100).astype(np.int64),
        is_pension=is_pension,
        is_on_uc=(start >= h.uc_day[claim]) & ~is_pension,
    )


def _cuts(plan: Plan, h: Households) -> tuple[Ints, Ints, Ints]:
    opens = np.maximum(h.claim_start, year_start(plan.years[0]))
    aprils = [np.full(len(h), year_start(year)) for year in plan.years[1:]]
    events = [
        h.change_day,
        h.second_change_day,
        h.move_day,
        h.household_day,
        h.uc_day,
        h.pension_day,
        h.unclaimed_day,
        *aprils,
    ]
    days = np.stack([opens, *events], axis=1)
    # An event before the claim opens, or after it ends, cuts nothing.
    is_cut = (days > opens[:, None]) & (days <= np.minimum(h.claim_end, plan.last_day)[:, None])
    days[:, 1:][~is_cut[:, 1:]] = NEVER
    days.sort(axis=1)
    keep = days < NEVER
    keep[:, 1:] &= days[:, 1:] != days[:, :-1]
    claim = np.nonzero(keep)[0].astype(np.int64)
    start = days[keep]
    is_last = np.concatenate([claim[1:] != claim[:-1], [True]]) if len(claim) else claim == 0
    following = np.concatenate([start[1:], [NEVER]]) if len(claim) else start
    return claim, start, np.where(is_last, h.claim_end[claim], following - 1)


def _years(plan: Plan, days: Ints) -> Ints:
    starts = np.array([year_start(year) for year in plan.years])
    return np.asarray(plan.years[0] + np.searchsorted(starts, days, side="right") - 1, np.int64)


def _known(
    rng: np.random.Generator,
    plan: Plan,
    h: Households,
    claim: Ints,
    start: Ints,
    end: Ints,
    is_first: Bools,
    year: Ints,
) -> tuple[Ints, Ints]:
    """Return the month in which each period shows first, and that in which its end shows.

    New claims and changes of income may be decided one or two months late. They stay in their
    council tax year, show before the claim's next cut, and only where nothing else falls on the
    day: so a late period is always the claim's last row of the month in which it shows.
    """
    months = plan.run_months
    own = month_index(months, start)
    starts = np.array([month.start for month in months] + [months[-1].end + 1] * 4)
    at_change = (start == h.change_day[claim]) | (start == h.second_change_day[claim])
    for other in (h.move_day, h.household_day, h.uc_day, h.pension_day, h.unclaimed_day):
        at_change &= start != other[claim]
    at_change &= ~np.isin(start, [year_start(one) for one in plan.years])
    is_new = is_first & (start == h.claim_start[claim]) & (start > plan.as_at)
    is_late = rng.random(len(start)) < np.where(is_new, 0.18, np.where(at_change, 0.1, 0.0))
    lag = np.where(is_late, rng.integers(1, 3, len(start)), 0)
    shown = own + lag
    year_of_month = np.array([month.year for month in months] + [0] * 4)
    can_wait = (
        (end >= starts[shown + 1] - 1) & (year_of_month[shown] == year) & (shown < len(months))
    )
    known = np.where(can_wait, shown, own)
    ends_in = np.where(end == OPEN, len(months), month_index(months, end))
    is_followed = np.concatenate([claim[1:] == claim[:-1], [False]]) if len(claim) else is_first
    next_known = np.concatenate([known[1:], [0]]) if len(claim) else known
    return known, np.where(is_followed, next_known, ends_in)


def _incomes(rng: np.random.Generator, h: Households, claim: Ints, start: Ints, year: Ints) -> Ints:
    """Return weekly incomes in pence, −1 where the source holds none (passported claims).

    Those of pension age follow from what the law allows a household (see `pension_means`).
    """
    per_claim = rng.random(len(h))
    step = np.where(start >= h.change_day[claim], h.step_later[claim], h.step[claim])
    step = np.where(start >= h.second_change_day[claim], h.step_last[claim], step)
    couple = h.has_partner[claim]
    working = (
        (step + 0.35 + 0.6 * per_claim[claim]) * 6400 + couple * 4500 + h.dependants[claim] * 7000
    )
    income = working * 1.04 ** (year - BASE_YEAR)
    is_unknown = h.is_passported[claim] & (per_claim[claim] < 0.7)
    return np.where(is_unknown, -1, np.round(income)).astype(np.int64)
