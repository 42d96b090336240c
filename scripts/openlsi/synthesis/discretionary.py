"""Discretionary help: who was given what from which fund, month by month. Made up throughout.

Discretionary Housing Payments and the Household Support Fund end in March 2026; the Crisis and
Resilience Fund follows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from openlsi.synthesis import truth
from openlsi.synthesis.campaigns import Cohort, draw_cohorts
from openlsi.synthesis.circumstances import OWNER
from openlsi.synthesis.district import MadeDistrict
from openlsi.synthesis.plan import OPEN, Ints, Month, day_number

DHP, HSF, CRF = range(3)
FUNDS = ["discretionary_housing_payment", "household_support_fund", "crisis_and_resilience_fund"]
REASONS = [
    "benefit_cap", "spare_room_reduction", "local_housing_allowance", "rent_shortfall_other",
    "rent_deposit", "rent_arrears", "food", "energy_and_water", "essentials",
    "boiler_or_white_goods", "housing_costs", "resilience_service", "other",
]  # fmt: skip
NO_CLAIM = -1
_CRF_BEGINS = day_number(date(2026, 4, 1))
# Awards a month of a thousand households on CTS, and those of each fund that others have.
_RATE = {DHP: 4.0, HSF: 14.0, CRF: 13.0}
_OTHERS = {DHP: 0.0, HSF: 0.2, CRF: 0.2}
_REASONS_OF = {DHP: [0, 1, 2, 3, 4, 5], HSF: [6, 7, 8, 9, 12], CRF: [3, 5, 6, 7, 8, 9, 10, 11]}
_POUNDS = {DHP: (150, 1_400), HSF: (50, 200), CRF: (50, 450)}
_FEWEST = 4


@dataclass(frozen=True)
class Awards:
    """The awards decided in one month, parallel arrays; money in pence, OPEN for no date.

    `account` is the applicant's council tax account, `claim` the CTS claim of the household or
    NO_CLAIM, `number` tells awards of a district apart.
    """

    number: Ints
    account: Ints
    claim: Ints
    fund: Ints
    reason: Ints
    decided: Ints
    start: Ints
    end: Ints
    pence: Ints

    def __len__(self) -> int:
        return len(self.number)


def draw_awards(made: MadeDistrict) -> list[Awards]:
    """Return the awards of each extract month."""
    rng = made.plan.generator(made.district.code, "discretionary awards")
    first, months, cohorts = 0, [], draw_cohorts(made)
    for month in made.plan.extract_months:
        funds = [DHP, HSF] if month.end < _CRF_BEGINS else [CRF]
        parts = [_of_fund(rng, made, month, fund) for fund in funds]
        fund = CRF if CRF in funds else HSF
        parts += [_of_campaign(cohort, month, fund) for cohort in cohorts]
        awards = _joined(parts, first)
        first += len(awards)
        months.append(awards)
    return months


def _of_fund(rng: np.random.Generator, made: MadeDistrict, month: Month, fund: int) -> Awards:
    a, h = made.accounts, made.households
    mine = np.arange(made.cts_accounts)
    claim = a.household[mine]
    is_open = (a.start[mine] <= month.end) & (a.end[mine] > month.end)
    is_open &= (h.claim_start[claim] <= month.end) & (h.claim_end[claim] > month.end)
    if fund == DHP:
        is_open &= made.circumstances.tenure[claim] != OWNER
    with_cts = np.flatnonzero(is_open)
    others = made.cts_accounts + np.flatnonzero(
        (a.start[made.cts_accounts :] <= month.end) & (a.end[made.cts_accounts :] > month.end)
    )
    count = max(_FEWEST, int(rng.poisson(len(with_cts) * _RATE[fund] / 1000)))
    from_others = min(len(others), round(count * _OTHERS[fund]))
    chosen = np.concatenate(
        [
            rng.choice(with_cts, min(count - from_others, len(with_cts)), replace=False),
            rng.choice(others, from_others, replace=False) if from_others else mine[:0],
        ]
    )
    count = len(chosen)
    low, high = _POUNDS[fund]
    decided = rng.integers(month.start, month.end + 1, count)
    has_period = np.full(count, fund == DHP)
    return Awards(
        number=np.zeros(count, np.int64),
        account=chosen,
        claim=np.where(chosen < made.cts_accounts, a.household[chosen], NO_CLAIM),
        fund=np.full(count, fund),
        reason=rng.choice(_REASONS_OF[fund], count),
        decided=decided,
        start=np.where(has_period, decided, OPEN),
        end=np.where(has_period, decided + rng.integers(4, 26, count) * 7, OPEN),
        pence=rng.integers(low * 20, high * 20, count) * 5,
    )


def _of_campaign(cohort: Cohort, month: Month, fund: int) -> Awards:
    """Return the awards of a month that a campaign is made to have brought about."""
    mine = np.flatnonzero((cohort.awarded >= month.start) & (cohort.awarded <= month.end))
    count = len(mine)
    return Awards(
        number=np.zeros(count, np.int64),
        account=cohort.account[mine],
        claim=cohort.claim[mine],
        fund=np.full(count, fund),
        reason=np.full(count, cohort.campaign.reason),
        decided=cohort.awarded[mine],
        start=np.full(count, OPEN),
        end=np.full(count, OPEN),
        pence=cohort.pence[mine],
    )


def _joined(parts: list[Awards], first: int) -> Awards:
    names = ("account", "claim", "fund", "reason", "decided", "start", "end", "pence")
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    return Awards(number=first + np.arange(len(columns["account"])), **columns)


def applicants_born(made: MadeDistrict, awards: Awards) -> Ints:
    """Return when each applicant was born."""
    own = made.households.birth[np.maximum(awards.claim, 0)]
    if len(made.other_tenants.birth) == 0:
        return own
    other = made.other_tenants.birth[np.maximum(awards.account - made.cts_accounts, 0)]
    return np.where(awards.claim == NO_CLAIM, other, own)


def measures(awards: Awards, bad: Ints) -> dict[str, tuple[int, int]]:
    """Return awards and pounds of the clean rows, by fund."""
    fund, pence = np.delete(awards.fund, bad), np.delete(awards.pence, bad)
    return {
        f"awards {name}": (int(np.sum(fund == place)), int(pence[fund == place].sum()))
        for place, name in enumerate(FUNDS)
        if np.any(fund == place)
    }


def people_table(made: MadeDistrict, awards: list[Awards], refs: list[str]) -> pa.Table:
    """Return who applied for each award, as `truth.PEOPLE`; `refs` in the order of the awards."""
    code = made.district.code
    account = np.concatenate([one.account for one in awards])
    claim = np.concatenate([one.claim for one in awards])
    return pa.table(
        {
            "district_code": [code] * len(refs),
            "feed": ["discretionary_awards"] * len(refs),
            "record": ["award"] * len(refs),
            "role": ["applicant"] * len(refs),
            "source_ref": refs,
            "person_id": [f"{code}-P{one}" for one in made.accounts.lead[account].tolist()],
            "household_id": [
                None if one == NO_CLAIM else f"{code}-H{one}" for one in claim.tolist()
            ],
        },
        schema=truth.PEOPLE,
    )
