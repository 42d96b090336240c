"""Households on CTS at some time in the window: who they are and what will happen to them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from openlsi.synthesis.awards import weekly_amounts
from openlsi.synthesis.people import pension_age_day
from openlsi.synthesis.plan import (
    COUNCIL_TAX_BEGAN,
    NEVER,
    OPEN,
    Bools,
    Ints,
    Plan,
    day_number,
    year_days,
)
from openlsi.synthesis.plants import unclaimed_days
from openlsi.synthesis.targets import NINTHS, Targets

NO_DISCOUNT, SINGLE_PERSON, ONE_DISREGARD, ALL_DISREGARDED, EMPTY = range(5)
YEAR = 365.25
# Yearly rates of leaving: made up, no Kent flow figures are held.
END_RATE = {"working": 0.125, "pension": 0.075}


@dataclass(frozen=True)
class Households:
    """Parallel arrays, one entry a claim. Days are `NEVER` where the event does not happen."""

    band: Ints
    band_after_move: Ints
    is_pension: Bools
    birth: Ints
    partner_birth: Ints
    has_partner: Bools
    has_partner_later: Bools
    dependants: Ints
    non_dependants: Ints
    discount: Ints
    discount_later: Ints
    step: Ints
    step_later: Ints
    step_last: Ints
    excess_pence: Ints
    is_passported: Bools
    claim_start: Ints
    claim_end: Ints
    account_start: Ints
    closes_at_end: Bools
    move_day: Ints
    change_day: Ints
    second_change_day: Ints
    household_day: Ints
    uc_day: Ints
    pension_day: Ints
    swap_day: Ints
    suspended_from: Ints
    # From when Pension Credit could be had that nobody claimed; from the first day: 0.
    unclaimed_day: Ints

    def __len__(self) -> int:
        return len(self.band)

    def take(self, chosen: Ints | Bools) -> Households:
        """Return the chosen households."""
        return Households(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def __add__(self, other: Households) -> Households:
        return Households(
            *(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self))
        )


def draw_households(rng: np.random.Generator, plan: Plan, targets: Targets) -> Households:
    """Draw the caseload of the first day so that it meets the published pounds, then the flow."""
    plants = plan.generator(targets.code, "unclaimed pension credit")
    base = _caseload(rng, plants, plan, targets)
    years = (plan.last_day - plan.as_at) / YEAR
    # As many join as leave, and those turning pension age change sides within the county.
    turning = int(np.sum(~base.is_pension & (base.pension_day <= plan.last_day)))
    joining = []
    for is_pension in (True, False):
        pool = np.flatnonzero(base.is_pension == is_pension)
        leaving = len(pool) * END_RATE["pension" if is_pension else "working"] * years
        count = max(0, round(leaving + (-turning if is_pension else turning)))
        bands = base.band[rng.choice(pool, size=count)] if len(pool) else np.zeros(0, np.int64)
        joining.append(_drawn(rng, plants, plan, targets, bands, is_pension, is_new=True))
    return base + joining[0] + joining[1]


def _caseload(
    rng: np.random.Generator, plants: np.random.Generator, plan: Plan, targets: Targets
) -> Households:
    """Draw households cell by cell (age group × band) until the yearly pounds are met."""
    year = plan.run_months[0].year
    parts = []
    for age_group in ("pension", "working"):
        is_pension = age_group == "pension"
        wanted = targets.scaled_forgone(age_group, year) * plan.scale
        # A cell's award cannot average under a third of the charge: enough candidates.
        counts = np.ceil(wanted / (targets.annual_charge(np.arange(len(NINTHS)), year) / 3)) + 5
        bands = np.repeat(np.arange(len(NINTHS)), counts.astype(np.int64))
        drawn = _drawn(rng, plants, plan, targets, bands, is_pension, is_new=False)
        _, weekly = weekly_amounts(
            targets, drawn, np.arange(len(bands)), np.full(len(bands), plan.as_at), year
        )
        yearly = weekly / 7 * year_days(year)
        parts.append(drawn.take(_until_met(bands, yearly, wanted)))
    return parts[0] + parts[1]


def _until_met(bands: Ints, yearly: np.ndarray, wanted: np.ndarray) -> Bools:
    """Choose in each band as many households as come nearest to the pounds wanted.

    What a band misses is carried to the next, so that a district × age group misses less than
    half an award.
    """
    chosen = np.zeros(len(bands), dtype=np.bool_)
    carried = 0.0
    for band, pounds in enumerate(wanted):
        own = np.flatnonzero(bands == band)
        sums = np.concatenate([[0.0], np.cumsum(yearly[own])])
        nearest = int(np.argmin(np.abs(sums - (pounds + carried)))) if pounds > 0 else 0
        chosen[own[:nearest]] = True
        carried += pounds - sums[nearest]
    return chosen


def _drawn(
    rng: np.random.Generator,
    plants: np.random.Generator,
    plan: Plan,
    targets: Targets,
    bands: Ints,
    is_pension: bool,
    is_new: bool,
) -> Households:
    """Draw one household for each entry of `bands`."""
    count = len(bands)
    who = _composition(rng, plan, count, is_pension)
    means = _means(rng, targets, count, is_pension)
    spell = _spell(rng, plan, count, is_pension, is_new)
    events = _events(rng, plan, targets, count, is_pension, is_new, who, spell)
    shift = rng.choice([0, -1, 1], size=count, p=[0.76, 0.12, 0.12])
    is_claimant = is_pension & ~means["is_passported"]
    return Households(
        band=bands,
        band_after_move=np.where(bands == 0, 1, np.clip(bands + shift, 1, 8)),
        is_pension=np.full(count, is_pension),
        **who,
        **means,
        **spell,
        **events,
        unclaimed_day=unclaimed_days(plants, plan, is_claimant),
    )


def _composition(
    rng: np.random.Generator, plan: Plan, count: int, is_pension: bool
) -> dict[str, np.ndarray]:
    """Draw ages, partner, children, other adults and the discount that follows from them."""
    age = 66.6 + 28 * rng.beta(1.4, 2.2, count) if is_pension else rng.uniform(19, 65.9, count)
    gap = rng.normal(0, 3, count)
    partner_age = np.clip(age + gap, 66.6 if is_pension else 18.5, 96 if is_pension else 65.9)
    has_partner = rng.random(count) < (0.27 if is_pension else 0.21)
    changes = rng.random(count)
    leaves = has_partner & (changes < 0.09)
    joins = ~has_partner & (changes < 0.03)
    dependants = rng.choice(5, size=count, p=[0.52, 0.2, 0.17, 0.07, 0.04])
    dependants = np.where(is_pension | (age > 58) | (age < 20), 0, dependants)
    non_dependants = rng.choice(3, size=count, p=[0.9, 0.08, 0.02])
    has_partner_later = (has_partner & ~leaves) | joins
    draw = rng.random(count)
    return {
        "birth": (plan.as_at - age * YEAR).astype(np.int64),
        "partner_birth": (plan.as_at - partner_age * YEAR).astype(np.int64),
        "has_partner": has_partner,
        "has_partner_later": has_partner_later,
        "dependants": dependants,
        "non_dependants": non_dependants,
        "discount": _discount(has_partner, non_dependants, draw),
        "discount_later": _discount(has_partner_later, non_dependants, draw),
    }


def _discount(has_partner: Bools, non_dependants: Ints, draw: np.ndarray) -> Ints:
    alone = ~has_partner & (non_dependants == 0)
    return np.where(
        alone,
        np.where(draw < 0.94, SINGLE_PERSON, np.where(draw < 0.95, ALL_DISREGARDED, NO_DISCOUNT)),
        np.where(draw < 0.03, ONE_DISREGARD, NO_DISCOUNT),
    ).astype(np.int64)


def _means(
    rng: np.random.Generator, targets: Targets, count: int, is_pension: bool
) -> dict[str, np.ndarray]:
    """Draw the step of the scheme (working age) or the excess income (pension age)."""
    steps = len(targets.reduction_ratios)
    shares = np.array([0.7, *([0.3 / (steps - 1)] * (steps - 1))])
    step = rng.choice(steps, size=count, p=shares)
    # A change of income draws the step afresh, so that the mix of steps stays as it was.
    moved = [rng.choice(steps, size=count, p=shares) for _ in range(2)]
    is_passported = rng.random(count) < (0.6 if is_pension else 0.18)
    excess = np.where(is_passported | (not is_pension), 0, rng.uniform(0, 7500, count))
    return {
        "step": np.where(is_passported & (not is_pension), 0, step),
        "step_later": moved[0],
        "step_last": moved[1],
        "excess_pence": excess.astype(np.int64),
        "is_passported": is_passported,
    }


def _spell(
    rng: np.random.Generator, plan: Plan, count: int, is_pension: bool, is_new: bool
) -> dict[str, np.ndarray]:
    """Draw when the claim and the first account begin and end."""
    if is_new:
        start = plan.as_at + 1 + rng.random(count) * max(plan.last_day - plan.as_at - 1, 0)
    else:
        start = plan.as_at - 1 - rng.exponential(6 * YEAR, count)
    start = np.maximum(start, COUNCIL_TAX_BEGAN).astype(np.int64)
    rate = END_RATE["pension" if is_pension else "working"]
    lasting = rng.exponential(YEAR / rate, count).astype(np.int64) + 14
    end = np.maximum(start, plan.as_at) + lasting
    came_before = rng.random(count) < 0.35
    lead = rng.integers(30, 2500, count)
    return {
        "claim_start": start,
        "claim_end": np.where(end > plan.last_day, OPEN, end),
        "account_start": np.maximum(np.where(came_before, start - lead, start), COUNCIL_TAX_BEGAN),
        "closes_at_end": rng.random(count) < (0.7 if is_pension else 0.4),
    }


def _events(
    rng: np.random.Generator,
    plan: Plan,
    targets: Targets,
    count: int,
    is_pension: bool,
    is_new: bool,
    who: dict[str, np.ndarray],
    spell: dict[str, np.ndarray],
) -> dict[str, np.ndarray]:
    """Draw the day of each event of a claim, `NEVER` where it falls outside claim or window."""
    opens = np.maximum(spell["claim_start"], plan.as_at)
    closes = np.minimum(spell["claim_end"], plan.last_day)
    years = np.maximum(plan.last_day - plan.as_at, 30) / YEAR

    def happens(yearly_rate: float) -> Ints:
        # Whole days first: a move on the day itself would end the account before it begins.
        days = np.floor(plan.as_at + rng.random(count) * years * YEAR)
        is_inside = (days > opens) & (days < closes) & (rng.random(count) < yearly_rate * years)
        return np.where(is_inside, days, NEVER).astype(np.int64)

    changes = np.sort(
        [happens(0.06 if is_pension else 0.28), happens(0.03 if is_pension else 0.14)], 0
    )
    household_day = np.where(who["has_partner"] != who["has_partner_later"], happens(0.3), NEVER)
    pension_day = np.maximum(
        pension_age_day(who["birth"]),
        np.where(
            who["has_partner"] | who["has_partner_later"], pension_age_day(who["partner_birth"]), 0
        ),
    )
    return {
        "move_day": happens(0.05),
        "change_day": changes[0],
        "second_change_day": changes[1],
        "household_day": household_day,
        "uc_day": np.full(count, NEVER) if is_pension else _uc_days(rng, targets, count, is_new),
        "pension_day": np.zeros(count, np.int64) if is_pension else pension_day,
        "swap_day": np.where(who["has_partner"], happens(0.01), NEVER),
        "suspended_from": happens(0.03),
    }


def _uc_days(rng: np.random.Generator, targets: Targets, count: int, is_new: bool) -> Ints:
    """Draw the day of coming on to UC: 0 if always on it.

    Managed migration of legacy claims reaches the district's May 2025 share by then and 98% of
    the rest by March 2026 (DOMAIN of the project: Thanet reported 98% by April 2026).
    """
    early = 0.96 if is_new else 0.75 * targets.uc_share
    by_may_2025 = max((targets.uc_share - early) / (1 - early), 0.0)
    first, middle, last = (
        day_number(date.fromisoformat(day)) for day in ("2024-05-01", "2025-05-31", "2026-03-31")
    )
    draw = rng.random(count)
    days = np.where(
        draw < by_may_2025,
        rng.integers(first, middle, count),
        np.where(draw < 1 - 0.02 / (1 - early), rng.integers(middle, last, count), NEVER),
    )
    return np.where(rng.random(count) < early, 0, days).astype(np.int64)
