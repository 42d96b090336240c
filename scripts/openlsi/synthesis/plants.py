"""What is planted among the households: for the rules of entitlement to find, and for the tests.

Random numbers of their own, so that what else is drawn stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from openlsi.synthesis.plan import NEVER, Bools, Ints, Plan

if TYPE_CHECKING:
    from openlsi.synthesis.households import Households

# Of those of pension age who are not on the guarantee credit: who could have it.
UNCLAIMED_SHARE = 0.05
# Of the working families on Universal Credit whose income does not change otherwise.
LOST_HOURS_SHARE = 0.12
# Of families with two children or more: whom care keeps from work, and who has a disabled child.
# Made up, so that the benefit cap reaches about one award in twenty.
CARERS_SHARE, DISABLED_CHILD_SHARE = 0.4, 0.4


def unclaimed_days(rng: np.random.Generator, plan: Plan, may: Bools) -> Ints:
    """Return from when Pension Credit is not claimed: half from the start, half from some month."""
    firsts = np.array([month.start for month in plan.extract_months])
    is_planted = may & (rng.random(len(may)) < UNCLAIMED_SHARE)
    is_later = rng.random(len(may)) < 0.5
    day = np.where(is_later, rng.choice(firsts, len(may)), 0)
    return np.where(is_planted, day, NEVER)


def cares_at_home(plan: Plan, code: str, children: Ints, works: Bools) -> Bools:
    """Return in which families without work somebody cares, so that no cap holds their award."""
    rng = plan.generator(code, "carers of families")
    return np.asarray((children > 1) & ~works & (rng.random(len(children)) < CARERS_SHARE))


def disabled_children(plan: Plan, code: str, children: Ints) -> Bools:
    """Return which families have a disabled child besides those that were drawn already."""
    rng = plan.generator(code, "disabled children")
    return np.asarray((children > 1) & (rng.random(len(children)) < DISABLED_CHILD_SHARE))


def lost_hours(plan: Plan, code: str, h: Households, works: Bools) -> tuple[Ints, Ints]:
    """Return from when working families lose hours, and how many hundredths of their earnings.

    Only where no other change of income could hide it; in the second half of the months.
    """
    rng, count = plan.generator(code, "lost hours"), len(h)
    is_steady = (h.change_day == NEVER) & (h.second_change_day == NEVER)
    is_family = works & (h.dependants > 0) & (h.uc_day == 0) & is_steady
    is_planted = is_family & (rng.random(count) < LOST_HOURS_SHARE)
    firsts = np.array([month.start for month in plan.extract_months])
    day = rng.choice(firsts[len(firsts) // 2 :], count)
    return np.where(is_planted, day, NEVER), rng.choice([30, 40, 50, 60], count)
