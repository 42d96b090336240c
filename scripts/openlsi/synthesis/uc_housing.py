"""The housing element of Universal Credit: rent, what of it is met, and what others contribute."""

from __future__ import annotations

import numpy as np

from openlsi.synthesis.benefit_rates import (
    MOST_BEDROOMS,
    local_housing_allowance,
    on_day,
    pence_on_day,
)
from openlsi.synthesis.circumstances import OWNER, PRIVATE, rent_in_year
from openlsi.synthesis.district import MadeDistrict
from openlsi.synthesis.households import YEAR
from openlsi.synthesis.plan import NEVER, Ints, year_start
from openlsi.synthesis.uc_claims import Claims, Periods, has_partner

_WEEKS, _MONTHS = 52, 12


def uc_housing(made: MadeDistrict, claims: Claims, periods: Periods) -> Ints:
    """Return the housing element of each period in pence (SI 2013/376 Sch 4)."""
    who, plan = periods.claim, made.plan
    opens = np.array([year_start(year) for year in plan.years])
    year = plan.years[0] + np.maximum(np.searchsorted(opens, periods.start, "right") - 1, 0)
    weekly = claims.service_charge[who].copy()
    for one in np.unique(year).tolist():
        own = year == one
        weekly[own] += rent_in_year(claims.weekly_rent[who[own]], plan, one)
    rent = weekly * _WEEKS // _MONTHS
    allowance = local_housing_allowance(
        made.district.code, bedrooms(claims, periods), year, is_monthly=True
    )
    tenure = claims.tenure[who]
    met = np.where(tenure == PRIVATE, np.minimum(rent, allowance), rent)
    left = np.maximum(met - contributions(claims, periods), 0)
    return np.where(tenure == OWNER, 0, left)


def contributions(claims: Claims, periods: Periods) -> Ints:
    """Return what other adults are taken to contribute; none where a claimant has care.

    Schedule 4 paragraphs 13 to 16.
    """
    who, day = periods.claim, periods.end
    age = (day[:, None] - claims.adult_birth[who]) / YEAR
    grown = (age >= on_day("uc_non_dependant_age", periods.start)[:, None]).sum(axis=1)
    each = pence_on_day("uc_non_dependant_contribution", periods.start)
    return np.where(claims.is_disabled[who], 0, grown * each)


def bedrooms(claims: Claims, periods: Periods) -> Ints:
    """Return the rooms that the allowance is of, 0 for a shared home.

    Schedule 4 paragraphs 8 to 12 and 28. One for the claimants, each other adult and each child of
    16 or more; two children share if they are of one sex, or both under 10.
    """
    who, day = periods.claim, periods.end
    births = claims.child_birth[who]
    age = (day[:, None] - births) / YEAR
    is_child = (births <= day[:, None]) & (age < 19)
    # As other feeds have it (see `claim_members`).
    is_girl = (births + np.maximum(claims.household[who], 0)[:, None]) % 2 == 0
    is_young = is_child & (age < on_day("uc_room_shared_by_any_two_age", periods.start)[:, None])
    is_youth = is_child & (age >= on_day("uc_room_of_own_age", periods.start)[:, None])
    middle = is_child & ~is_young & ~is_youth
    older = [(middle & one).sum(axis=1) for one in (is_girl, ~is_girl)]
    young = [(is_young & one).sum(axis=1) for one in (is_girl, ~is_girl)]
    # An older child who is alone in a room takes in a younger one of the same sex.
    placed = sum(np.minimum(big % 2, small) for big, small in zip(older, young, strict=True))
    rooms = 1 + is_youth.sum(axis=1) + sum((big + 1) // 2 for big in older)
    rooms = rooms + (young[0] + young[1] - placed + 1) // 2
    others = (claims.adult_birth[who] < NEVER).sum(axis=1)
    is_alone = ~has_partner(claims, who, day) & ~is_child.any(axis=1) & (others == 0)
    is_under_35 = day - claims.birth[who] < (
        on_day("uc_shared_accommodation_age", periods.start) * YEAR
    )
    is_shared = is_alone & is_under_35 & ~claims.is_disabled[who]
    return np.where(is_shared, 0, np.minimum(rooms + others, MOST_BEDROOMS))
