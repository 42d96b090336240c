"""Made-up campaigns of a year ago: whom they chose, and the awards that they brought about.

Awards beyond those that come by themselves are planted in the extracts of discretionary help, more
of them among those contacted than among those held out, so that an evaluation has an effect to
find. In the campaign that brings nothing both arms are alike. All of it is made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import yaml

from openlsi.home import Home
from openlsi.synthesis.district import MadeDistrict
from openlsi.synthesis.plan import Ints, Month, Plan

SOURCE = "Made up for the demonstration; no council ran it"
_STEM = "made_up"
_FEED = "discretionary_awards"
# Chosen from the month so many before the last.
_MONTHS_AGO = 12
_HELD_OUT = 0.2
NOBODY = -1
_GATEWAY = "Digital Economy Act 2017 s35 (SI 2018/912, multiple disadvantages)"

COHORTS = pa.schema(
    [
        ("campaign", pa.string()),
        ("district_code", pa.string()),
        ("claim_ref", pa.string()),
        ("arm", pa.string()),
        ("month", pa.date32()),
        ("age_group", pa.string()),
        ("has_partner", pa.bool_()),
        ("has_children", pa.bool_()),
        ("contacted_on", pa.date32()),
        ("reached_on", pa.date32()),
        ("applied_on", pa.date32()),
        ("awarded_on", pa.date32()),
        ("pence", pa.int64()),
    ]
)


@dataclass(frozen=True)
class MadeCampaign:
    """One campaign, and the share of each arm that is awarded something because of it."""

    key: str
    name: str
    purpose: str
    owner: str
    share: float
    contact_rate: float
    holdout_rate: float
    reason: int
    pence: tuple[int, int]
    is_over: bool

    def definition(self, month: Month) -> dict[str, Any]:
        """Return its file; the filter is what it would ask today."""
        starts = month.first + timedelta(days=45)
        return {
            "campaign": self.key,
            "name": self.name,
            "purpose": self.purpose,
            "gateway": _GATEWAY,
            "owner": self.owner,
            "benefit": "discretionary",
            "target": {
                "all": [
                    {"field": "has_council_tax_support", "is": "true"},
                    {"field": "living_standards_class", "in": ["in_crisis", "at_risk"]},
                ]
            },
            "channel": "phone" if self.is_over else "letter",
            "holdout_pct": round(_HELD_OUT * 100),
            "starts": starts,
            "ends": starts + timedelta(days=120 if self.is_over else 420),
            "cost_gbp": 6000 if self.is_over else 9000,
            "pounds": ["one_off"],
        }


# The places of reasons are those of `discretionary.REASONS`.
CAMPAIGNS = [
    MadeCampaign(
        f"{_STEM}_winter_payments", "Winter payments by phone", "Offer help with food and energy"
        " to households on support that cannot meet their bills", "Crisis fund lead",
        share=0.03, contact_rate=0.3, holdout_rate=0.02, reason=7, pence=(8_000, 30_000),
        is_over=True,
    ),
    MadeCampaign(
        f"{_STEM}_furnishing_letters", "Letters about furniture and white goods", "Tell households"
        " on support that they can ask for essential goods", "Housing options lead",
        share=0.02, contact_rate=0.03, holdout_rate=0.03, reason=9, pence=(15_000, 40_000),
        is_over=True,
    ),
    MadeCampaign(
        f"{_STEM}_energy_advice", "Energy advice by letter", "Offer advice and help with energy"
        " costs to households on support", "Public health lead",
        share=0.02, contact_rate=0.12, holdout_rate=0.02, reason=7, pence=(5_000, 20_000),
        is_over=False,
    ),
]  # fmt: skip


@dataclass(frozen=True)
class Cohort:
    """The households of one campaign in one district, parallel arrays; NOBODY for no award."""

    campaign: MadeCampaign
    claim: Ints
    account: Ints
    is_held_out: np.ndarray[Any, np.dtype[np.bool_]]
    awarded: Ints
    pence: Ints


def start_month(plan: Plan) -> Month | None:
    """Return the month that cohorts are chosen from; None where a plan does not reach so far."""
    months = plan.extract_months
    return months[-1 - _MONTHS_AGO] if len(months) > _MONTHS_AGO else None


def draw_cohorts(made: MadeDistrict) -> list[Cohort]:
    """Return the cohorts of a district; none where it sends no discretionary awards."""
    month = start_month(made.plan)
    if month is None or _FEED not in made.district.feeds:
        return []
    # By the stream first taken, the letters showed an effect by chance, as one in twenty does where
    # none is planted; a demonstration is to show the usual.
    rng = made.plan.generator(made.district.code, "campaigns of a year ago")
    a, h = made.accounts, made.households
    account = np.arange(made.cts_accounts)
    claim = a.household[account]
    stays = (a.start[account] <= month.start) & (a.end[account] > made.plan.extract_months[-1].end)
    stays &= (h.claim_start[claim] <= month.start) & (h.claim_end[claim] > month.end)
    there = rng.permutation(account[stays])
    cohorts, first = [], 0
    for campaign in CAMPAIGNS:
        size = round(len(account) * campaign.share)
        cohorts.append(_cohort(rng, campaign, there[first : first + size], a.household, month))
        first += size
    return cohorts


def _cohort(
    rng: np.random.Generator, campaign: MadeCampaign, account: Ints, household: Ints, month: Month
) -> Cohort:
    count = len(account)
    is_held_out = np.arange(count) < round(count * _HELD_OUT)
    rate = np.where(is_held_out, campaign.holdout_rate, campaign.contact_rate)
    day = month.end + 50 + rng.integers(0, 100, count)
    return Cohort(
        campaign=campaign,
        claim=household[account],
        account=account,
        is_held_out=is_held_out,
        awarded=np.where(rng.random(count) < rate, day, NOBODY),
        pence=rng.integers(campaign.pence[0] // 5, campaign.pence[1] // 5, count) * 5,
    )


def cohort_table(made: MadeDistrict, refs: Sequence[str]) -> pa.Table:
    """Return who was chosen and what officers report, as COHORTS; `refs` by claim."""
    parts = [COHORTS.empty_table()]
    for cohort in draw_cohorts(made):
        rows = [_row(made, cohort, place, refs) for place in range(len(cohort.claim))]
        parts.append(pa.Table.from_pylist(rows, schema=COHORTS))
    return pa.concat_tables(parts)


def _row(made: MadeDistrict, cohort: Cohort, place: int, refs: Sequence[str]) -> dict[str, Any]:
    month, claim = start_month(made.plan), int(cohort.claim[place])
    assert month is not None
    h = made.households
    row = {
        "campaign": cohort.campaign.key,
        "district_code": made.district.code,
        "claim_ref": refs[claim],
        "arm": "holdout" if cohort.is_held_out[place] else "contact",
        "month": month.first,
        "age_group": "pension" if h.is_pension[claim] else "working",
        "has_partner": bool(h.has_partner[claim]),
        "has_children": bool(h.dependants[claim] > 0),
        "pence": 0,
    }
    if not cohort.is_held_out[place]:
        row |= _reported(cohort, place, month)
    return row


def _reported(cohort: Cohort, place: int, month: Month) -> dict[str, Any]:
    """Return what officers report of a household: not everybody is reached, and some never ask."""
    contacted = date.fromordinal(month.first.toordinal() + 50 + place % 20)
    if place % 25 == 0:
        return {}
    told: dict[str, Any] = {"contacted_on": contacted}
    if place % 3:
        told["reached_on"] = contacted + timedelta(days=place % 9)
    if cohort.awarded[place] == NOBODY:
        return told | ({"applied_on": contacted + timedelta(days=12)} if place % 17 == 0 else {})
    awarded = date(1970, 1, 1) + timedelta(days=int(cohort.awarded[place]))
    applied = max(contacted, awarded - timedelta(days=9))
    return told | {
        "reached_on": told.get("reached_on", contacted),
        "applied_on": max(applied, told.get("reached_on", contacted)),
        "awarded_on": max(awarded, applied),
        "pence": int(cohort.pence[place]),
    }


def write_definitions(home: Home, plan: Plan) -> None:
    """Write the files of the campaigns into `config/campaigns/`."""
    folder = home.config / "campaigns"
    for path in folder.glob(f"{_STEM}_*.yml"):
        path.unlink()
    month = start_month(plan)
    for campaign in CAMPAIGNS if month else []:
        folder.mkdir(parents=True, exist_ok=True)
        assert month is not None
        text = yaml.safe_dump(campaign.definition(month), sort_keys=False, allow_unicode=True)
        path = folder / f"{campaign.key}.yml"
        path.write_text(f"# {SOURCE}.\n{text}", encoding="utf-8", newline="\n")
