"""What other systems know of the same people: tenure, rent, children, health, capital, earnings.

Drawn from random numbers of their own, so that council tax and support stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openlsi.synthesis.accounts import Accounts
from openlsi.synthesis.households import YEAR, Households
from openlsi.synthesis.non_dependants import has_worker
from openlsi.synthesis.plan import NEVER, Bools, Floats, Ints, Plan
from openlsi.synthesis.plants import cares_at_home, lost_hours

OWNER, COUNCIL, ASSOCIATION, PRIVATE = range(4)
MOST_CHILDREN, MOST_OTHER_ADULTS = 4, 2
# Districts that have transferred their housing stock, so that nobody is their tenant
# (definition 15 of the project; unconfirmed).
WITHOUT_STOCK = frozenset({"E07000110", "E07000111", "E07000113", "E07000115", "E07000116"})
# Made up, in the order OWNER to PRIVATE; council tenants of a district without stock are an
# association's.
TENURE_SHARES = {"pension": [0.42, 0.2, 0.24, 0.14], "working": [0.08, 0.24, 0.3, 0.38]}
# Weekly rents in pence of a Band A home, and what each band above adds: made up.
FIRST_RENT = np.array([0, 9_200, 10_400, 15_500])
RENT_STEP = np.array([0, 900, 1_100, 2_900])
RENT_RISE = 1.045  # each April


@dataclass(frozen=True)
class Circumstances:
    """Parallel arrays, one entry a claim of `Households`; money in pence, days as day numbers.

    `weekly_rent` and `service_charge` are those of the first extract month. `child_birth` has
    MOST_CHILDREN columns and `adult_birth` MOST_OTHER_ADULTS, NEVER where there is nobody; as many
    are filled as the household has dependants and non-dependants. `earnings_pct` is the part of
    the weekly income that is earned. Planted: from `hours_day` on a family on Universal Credit has
    lost so many hundredths of its earnings; its support is not assessed again.
    """

    tenure: Ints
    weekly_rent: Ints
    service_charge: Ints
    child_birth: Ints
    adult_birth: Ints
    is_disabled: Bools
    is_carer: Bools
    capital: Ints
    earnings_pct: Ints
    hours_day: Ints
    hours_lost_pct: Ints


@dataclass(frozen=True)
class OtherTenants:
    """Parallel arrays, one entry an account without CTS, in the order of `Accounts`.

    `birth` and `partner_birth` are those of the account's lead and joint person, whom council tax
    knows by name only. `wants_cts` are those on Universal Credit who asked for support and have no
    award.
    """

    tenure: Ints
    weekly_rent: Ints
    service_charge: Ints
    birth: Ints
    partner_birth: Ints
    wants_cts: Bools
    child_birth: Ints


def draw_circumstances(plan: Plan, code: str, h: Households) -> Circumstances:
    """Draw the circumstances of every CTS household of a district."""
    rng, count = plan.generator(code, "circumstances"), len(h)
    tenure = np.where(
        h.is_pension,
        _tenures(rng, code, count, TENURE_SHARES["pension"]),
        _tenures(rng, code, count, TENURE_SHARES["working"]),
    )
    is_disabled = rng.random(count) < np.where(h.is_pension, 0.3, 0.38)
    # Support was drawn with a deduction for whoever works; a benefit for care would forbid it.
    is_disabled &= ~has_worker(h)
    capital = np.where(rng.random(count) < 0.6, rng.exponential(70_000, count), 0)
    works = ~h.is_pension & ~h.is_passported & (rng.random(count) < 0.55)
    hours_day, hours_lost_pct = lost_hours(plan, code, h, works)
    return Circumstances(
        tenure=tenure,
        weekly_rent=_rents(rng, tenure, h.band),
        service_charge=np.where(
            (tenure == COUNCIL) & (rng.random(count) < 0.4), rng.integers(150, 1_400, count), 0
        ),
        child_birth=_births(rng, plan, h.dependants, MOST_CHILDREN, 0.1, 17.5),
        adult_birth=_births(rng, plan, h.non_dependants, MOST_OTHER_ADULTS, 19, 55),
        is_disabled=is_disabled,
        is_carer=(rng.random(count) < 0.09) | cares_at_home(plan, code, h.dependants, works),
        capital=np.minimum(capital, 1_550_000).astype(np.int64) // 100 * 100,
        earnings_pct=np.where(works, rng.integers(30, 100, count), 0),
        hours_day=hours_day,
        hours_lost_pct=hours_lost_pct,
    )


def draw_other_tenants(plan: Plan, code: str, accounts: Accounts, first: int) -> OtherTenants:
    """Draw the circumstances of the accounts without CTS, which begin at `first`."""
    rng, band = plan.generator(code, "other tenants"), accounts.band[first:]
    count = len(band)
    age = 20 + 62 * rng.beta(1.6, 2.0, count)
    # Council homes are rarer among those who need no help.
    tenure = _tenures(rng, code, count, [0.72, 0.06, 0.05, 0.17])
    is_working_age = age < 65
    children = np.where(is_working_age & (rng.random(count) < 0.3), rng.integers(1, 4, count), 0)
    return OtherTenants(
        tenure=tenure,
        weekly_rent=_rents(rng, tenure, band + 1),
        service_charge=np.where(
            (tenure == COUNCIL) & (rng.random(count) < 0.4), rng.integers(150, 1_400, count), 0
        ),
        birth=(plan.as_at - age * YEAR).astype(np.int64),
        partner_birth=(plan.as_at - np.clip(age + rng.normal(0, 3, count), 18.5, 95) * YEAR).astype(
            np.int64
        ),
        wants_cts=is_working_age & (rng.random(count) < 0.05),
        child_birth=_births(rng, plan, children, MOST_CHILDREN, 0.1, 17.5),
    )


def rent_in_year(weekly_rent: Ints, plan: Plan, year: int) -> Ints:
    """Return the weekly rent of a council tax year; rents rise each April."""
    rise = RENT_RISE ** (year - plan.extract_months[0].year)
    return np.asarray(np.round(weekly_rent * rise), dtype=np.int64)


def _tenures(rng: np.random.Generator, code: str, count: int, shares: list[float]) -> Ints:
    tenure = rng.choice(4, size=count, p=shares)
    if code in WITHOUT_STOCK:
        tenure = np.where(tenure == COUNCIL, ASSOCIATION, tenure)
    return np.asarray(tenure, dtype=np.int64)


def _rents(rng: np.random.Generator, tenure: Ints, band: Ints) -> Ints:
    steps = np.clip(band, 0, 5)
    rent = (FIRST_RENT[tenure] + RENT_STEP[tenure] * steps) * rng.uniform(0.9, 1.15, len(tenure))
    return np.asarray(np.round(rent), dtype=np.int64)


def _births(
    rng: np.random.Generator, plan: Plan, count: Ints, most: int, youngest: float, oldest: float
) -> Ints:
    """Return birth days in `most` columns: as many a row as `count` says, NEVER beyond."""
    ages: Floats = rng.uniform(youngest, oldest, (len(count), most))
    born = (plan.as_at - ages * YEAR).astype(np.int64)
    return np.where(np.arange(most) < count[:, None], born, NEVER)
