"""Other adults of a home: who of them works, and what is taken off the household's benefits for it.

One in twenty-five homes with such adults has one in remunerative work. Nobody else of them has
earnings: they are on Universal Credit, and so lower a household's Housing Benefit but not its
support (SI 2006/214 reg 55; SI 2012/2885 Sch 1 para 8).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from openlsi.synthesis.benefit_rates import in_year, pence_in_year
from openlsi.synthesis.plan import NEVER, Bools, Ints

if TYPE_CHECKING:
    from openlsi.synthesis.circumstances import Circumstances
    from openlsi.synthesis.households import Households

# Weekly gross earnings in pence: made up, one within each of three steps of the deductions.
GROSS_PENCE = np.array([17_000, 31_000, 47_000])
_ONE_IN = 25
_YEAR = 365.25


def has_worker(h: Households) -> Bools:
    """Return which households have a non-dependant in work; it is the first they list."""
    return np.asarray((h.non_dependants > 0) & (h.birth % _ONE_IN == 3))


def gross_pence(h: Households, claim: Ints) -> Ints:
    """Return what the non-dependant in work earns a week before tax, 0 where none works."""
    pay = GROSS_PENCE[h.birth[claim] // _ONE_IN % len(GROSS_PENCE)]
    return np.where(has_worker(h)[claim], pay, 0)


def _step(prefix: str, steps: int, gross: Ints, year: Ints) -> Ints:
    """Return the deduction for somebody in work with these gross earnings."""
    taken = pence_in_year(f"{prefix}_1", year)
    for step in range(2, steps + 1):
        is_reached = gross >= in_year(f"{prefix}_{step}_from", year) * 100
        taken = np.where(is_reached, pence_in_year(f"{prefix}_{step}", year), taken)
    return taken


def support_deduction(h: Households, claim: Ints, year: Ints) -> Ints:
    """Return what is taken off the pension-age reduction a week, in pence."""
    gross = gross_pence(h, claim)
    return np.where(gross > 0, _step("ctr_non_dependant", 4, gross, year), 0)


def rent_deductions(h: Households, c: Circumstances, claim: Ints, day: Ints, year: Ints) -> Ints:
    """Return what is taken off Housing Benefit for each other adult: a column each, pence a week.

    Nothing for those under 25 without earnings, and in the home of somebody with a benefit for
    care.
    """
    birth = c.adult_birth[claim]
    lowest, gross = pence_in_year("hb_non_dependant_1", year), gross_pence(h, claim)
    young = (day[:, None] - birth) < in_year("hb_non_dependant_on_uc_age", year)[:, None] * _YEAR
    taken = np.where(young, 0, lowest[:, None])
    taken[:, 0] = np.where(gross > 0, _step("hb_non_dependant", 6, gross, year), taken[:, 0])
    return np.where((birth < NEVER) & ~c.is_disabled[claim][:, None], taken, 0)
