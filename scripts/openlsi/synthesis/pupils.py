"""Children of households in need: at which school, entitled to free meals or registered for them.

Entitlement follows the parents' benefits as the other feeds have them; who is registered, and what
the school holds of a parent, is made up.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from openlsi.synthesis.circumstances import MOST_CHILDREN
from openlsi.synthesis.district import MadeDistrict
from openlsi.synthesis.people import NO_ONE
from openlsi.synthesis.plan import NEVER, Bools, Ints, Month, Plan
from openlsi.synthesis.uc_amounts import Habits, amounts, draw_habits
from openlsi.synthesis.uc_claims import NO_CLAIM, Claims, draw_claims, periods_ending_in

CENSUS_MONTHS = (1, 5, 10)
# Net earnings of an assessment period up to which meals are free, in pence; from September 2026
# everybody on Universal Credit has them (definition 20 of the project).
EARNINGS_LIMIT, UNLIMITED_FROM = 61_667, (2026, 9)
YEARS_AT_SCHOOL = 12  # reception to year 11
NO_GROUND, ON_UC, ON_INCOME_SUPPORT, ON_JSA, ON_ESA, PROTECTED = range(6)
# Which share of parents the school system holds without a number, and so on.
LACKING = {"nino": 0.1, "nino_typo": 0.02, "birth": 0.08, "surname_typo": 0.02, "postcode": 0.01}


@dataclass(frozen=True)
class Children:
    """Parallel arrays, one entry a child; `claim` is the place among the Universal Credit claims.

    `household` is the CTS claim, NO_CLAIM for none; `number` tells the child within its district.
    `keeps` says that the parents register a child who is entitled, `lapses` that the school strikes
    one off who no longer is. The rest is what the school holds of the parent.
    """

    number: Ints
    household: Ints
    claim: Ints
    birth: Ints
    parent: Ints
    parent_birth: Ints
    account: Ints
    second_account: Ints
    move_day: Ints
    ground: Ints
    forename: Ints
    keeps: Bools
    lapses: Bools
    lead_days: Ints
    lacks_nino: Bools
    has_nino_typo: Bools
    lacks_birth: Bools
    has_surname_typo: Bools
    lacks_postcode: Bools

    def __len__(self) -> int:
        return len(self.number)

    def take(self, chosen: Ints | Bools) -> Children:
        """Return the chosen children."""
        return Children(*(getattr(self, field.name)[chosen] for field in fields(self)))


@dataclass(frozen=True)
class Census:
    """The pupils of one census: child by place in `Children`, and how each stands."""

    month: Month
    child: Ints
    year_group: Ints
    is_entitled: Bools
    is_registered: Bools
    ground: Ints
    registered_from: Ints


def census_months(plan: Plan) -> list[Month]:
    """Return the extract months in which a school census falls."""
    return [month for month in plan.extract_months if month.first.month in CENSUS_MONTHS]


def draw_children(made: MadeDistrict, claims: Claims) -> Children:
    """Draw the children of working-age CTS households and of others on Universal Credit."""
    rng = made.plan.generator(made.district.code, "pupils")
    h = made.households
    legacy = np.flatnonzero(~h.is_pension & h.is_passported & (h.uc_day > 0))
    of_claims = _births(claims.child_birth, np.arange(len(claims)))
    of_legacy = _births(made.circumstances.child_birth, legacy)
    # A household that came on to Universal Credit later stands in both; its claim comes first.
    known = claims.household[of_claims[0]] * MOST_CHILDREN + of_claims[1]
    is_new = ~np.isin(of_legacy[0] * MOST_CHILDREN + of_legacy[1], known)
    only_legacy = tuple(part[is_new] for part in of_legacy)
    claim = np.concatenate([of_claims[0], np.full(len(only_legacy[0]), NO_CLAIM)])
    household = np.concatenate([claims.household[of_claims[0]], only_legacy[0]])
    slot = np.concatenate([of_claims[1], only_legacy[1]])
    birth = np.concatenate([of_claims[2], only_legacy[2]])
    count = len(birth)
    lead = np.where(claim == NO_CLAIM, household, claims.lead[np.maximum(claim, 0)])
    partner = np.where(claim == NO_CLAIM, NO_ONE, claims.partner[np.maximum(claim, 0)])
    # Half the couples have the one who does not lead the claim in the school's system.
    is_partner = (partner != NO_ONE) & (rng.random(count) < 0.5)
    own = np.maximum(claim, 0)
    lead_birth = np.where(claim == NO_CLAIM, h.birth[np.maximum(household, 0)], claims.birth[own])
    account = np.where(claim == NO_CLAIM, household, claims.account[own])
    is_lacking = {name: rng.random(count) < share for name, share in LACKING.items()}
    return Children(
        number=account * MOST_CHILDREN + slot,
        household=household,
        claim=claim,
        birth=birth,
        parent=np.where(is_partner, partner, lead),
        parent_birth=np.where(is_partner, claims.partner_birth[own], lead_birth),
        account=account,
        second_account=np.where(household < 0, NO_CLAIM, made.second_account[household]),
        move_day=np.where(household < 0, NEVER, h.move_day[household]),
        ground=rng.choice([ON_INCOME_SUPPORT, ON_JSA, ON_ESA], size=count, p=[0.4, 0.1, 0.5]),
        forename=rng.integers(0, 1_000_000, count),
        keeps=rng.random(count) < 0.88,
        lapses=rng.random(count) < 0.1,
        lead_days=rng.integers(5, 120, count),
        lacks_nino=is_lacking["nino"],
        has_nino_typo=is_lacking["nino_typo"],
        lacks_birth=is_lacking["birth"],
        has_surname_typo=is_lacking["surname_typo"],
        lacks_postcode=is_lacking["postcode"],
    )


def _births(child_birth: Ints, owners: Ints) -> tuple[Ints, Ints, Ints]:
    """Return owner, place and birth of each child of the owners."""
    row, slot = np.nonzero(child_birth[owners] < NEVER)
    return owners[row], slot, child_birth[owners[row], slot]


class Register:
    """The county's register of free school meals as it stands census after census."""

    def __init__(self, made: MadeDistrict) -> None:
        self.made, self.claims = made, draw_claims(made)
        self._habits: Habits = draw_habits(made, self.claims)
        self.children = draw_children(made, self.claims)
        self._since = np.full(len(self.children), NEVER)

    def take(self, month: Month) -> Census:
        """Take the census of a month; months must come in their order."""
        c = self.children
        year_group = _year_groups(c.birth, month)
        is_at_school = (year_group >= 0) & (year_group < YEARS_AT_SCHOOL)
        on_uc, on_legacy = self._on_uc(month), self._on_legacy(month)
        is_entitled = (on_uc | on_legacy) & is_at_school
        begins = is_entitled & c.keeps & (self._since == NEVER)
        self._since = np.where(begins, month.start - c.lead_days, self._since)
        self._since = np.where(~is_entitled & c.lapses, NEVER, self._since)
        is_registered = (self._since < NEVER) & is_at_school
        # Whoever was registered keeps the meals to the end of the phase of education.
        is_protected = is_registered & ~is_entitled
        ground = np.where(on_uc, ON_UC, np.where(on_legacy, c.ground, NO_GROUND))
        ground = np.where(is_protected, np.where(c.number % 25 == 0, NO_GROUND, PROTECTED), ground)
        is_entitled = ground != NO_GROUND
        child = np.flatnonzero(is_at_school & (is_entitled | is_registered))
        return Census(
            month=month,
            child=child,
            year_group=year_group[child],
            is_entitled=is_entitled[child],
            is_registered=is_registered[child],
            ground=ground[child],
            registered_from=np.where(is_registered, self._since, NEVER)[child],
        )

    def _on_uc(self, month: Month) -> Bools:
        periods = periods_ending_in(self.claims, month)
        made = amounts(self.made, self.claims, self._habits, periods)
        is_unlimited = (month.first.year, month.first.month) >= UNLIMITED_FROM
        is_free = (made.award > 0) & (is_unlimited | (made.earnings <= EARNINGS_LIMIT))
        free = np.zeros(len(self.claims) + 1, dtype=np.bool_)
        free[periods.claim] = is_free
        return np.asarray(free[self.children.claim])

    def _on_legacy(self, month: Month) -> Bools:
        h, who = self.made.households, np.maximum(self.children.household, 0)
        runs = (h.claim_start[who] <= month.end) & (h.claim_end[who] > month.end)
        is_working_age = ~h.is_pension[who] & (h.pension_day[who] > month.end)
        is_other = h.is_passported[who] & (h.uc_day[who] > month.end)
        has_household = self.children.household != NO_CLAIM
        return np.asarray(has_household & runs & is_working_age & is_other)


def _year_groups(birth: Ints, month: Month) -> Ints:
    """Return the school year of each child: 0 is reception, which begins after the 4th birthday."""
    born = birth.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    cohort = 1970 + born // 12 + (born % 12 >= 8)
    opened = month.first.year if month.first.month >= 9 else month.first.year - 1
    return np.asarray(opened - cohort - 4, dtype=np.int64)
