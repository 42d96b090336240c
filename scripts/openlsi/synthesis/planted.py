"""The truth ledger's households: what is planted in each, and what no feed tells of it, by month.

`unclaimed_pension_credit`, `uc_without_cts`, `benefit_cap` and `lost_hours` are there to be found.
The others say why an estimate may differ from what is in payment though nothing is wrong:
`worker_in_the_home` (a non-dependant's earnings), `war_pension` (disregarded in part by law, and
wholly by the district), `young_adult_in_the_home` (of an age that not every feed tells, or who
turns 25 before the next assessment), `carer`, `part_year` (a bill of council tax that is not of a
whole year at one rate), `row_set_aside` (an income or somebody of the home was spoilt) and
`told_as_of_later` (a restated month, with the rent and people of the month that restates it).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from openlsi.synthesis.district import MadeDistrict
from openlsi.synthesis.households import YEAR
from openlsi.synthesis.non_dependants import has_worker
from openlsi.synthesis.plan import NEVER, Bools, Ints, Month, year_start
from openlsi.synthesis.text import Column
from openlsi.synthesis.truth import MONEY, pounds
from openlsi.synthesis.uc_amounts import Amounts
from openlsi.synthesis.uc_claims import Periods

_YOUNG = 25 * YEAR
PLANTED = pa.schema(
    [
        ("district_code", pa.string()),
        ("month", pa.date32()),
        ("truth", pa.string()),
        ("feed", pa.string()),
        ("source_ref", pa.string()),
        # Weekly for Pension Credit, else of the assessment period.
        ("gbp", MONEY),
        # Earnings as they would be with all hours.
        ("gbp_before", MONEY),
    ]
)


def of_pension_age(made: MadeDistrict, claim_refs: Column) -> list[pa.Table]:
    """Return what is planted in households of pension age, by the reference of their CTS claim."""
    s, h, means = made.segments, made.households, made.pension_means
    nothing = np.zeros(len(s.claim), np.int64)
    is_young = s.start[:, None] - made.circumstances.adult_birth[s.claim] < _YOUNG
    is_young &= made.circumstances.adult_birth[s.claim] < NEVER
    truths = {
        "unclaimed_pension_credit": (means.unclaimed > 0, means.unclaimed),
        "worker_in_the_home": (has_worker(h)[s.claim], nothing),
        "war_pension": (means.war_pension > 0, means.war_pension),
        "young_adult_in_the_home": (is_young.any(axis=1), nothing),
        "carer": (means.is_carer, nothing),
    }
    tables = []
    for month in made.plan.extract_months:
        runs = s.is_pension & (s.start <= month.end) & (s.end >= month.end)
        truths["part_year"] = (_is_part_year(made, month), nothing)
        for truth, (holds, pence) in truths.items():
            own = np.flatnonzero(runs & holds)
            refs = claim_refs.take(pa.array(s.claim[own]))
            tables.append(_table(made, month, truth, "cts", refs, pence[own]))
    return tables


def _is_part_year(made: MadeDistrict, month: Month) -> Bools:
    """Return in which award periods the year's bill is not that of a whole year at one rate."""
    a, h, claim = made.accounts, made.households, made.segments.claim
    opens, closes = year_start(month.year), year_start(month.year + 1)
    begun = a.start[made.segment_account] > opens
    changes = (h.household_day[claim] > opens) & (h.household_day[claim] < closes)
    moves = (h.move_day[claim] > opens) & (h.move_day[claim] < closes)
    return np.asarray(begun | changes | moves)


def of_awards(
    made: MadeDistrict, refs: Column, month: Month,
    awards: tuple[Periods, Amounts], holds: Mapping[str, Bools],
) -> list[pa.Table]:  # fmt: skip
    """Return what the Universal Credit awards of a month hold, of the rows that are good."""
    periods, amounts = awards
    who = periods.claim
    pence = {"uc_without_cts": amounts.award, "benefit_cap": amounts.cap}
    return [
        _table(
            made, month, truth, "universal_credit", refs.take(pa.array(who[own])),
            pence.get(truth, amounts.earnings)[own], amounts.earnings_before[own],
        )
        for truth, own in ((truth, np.flatnonzero(chosen)) for truth, chosen in holds.items())
    ]  # fmt: skip


def of_told_claims(
    made: MadeDistrict, truth: str, claim_refs: Column, months: Sequence[Month], claim: Ints
) -> list[pa.Table]:
    """Return what is amiss with claims as an extract tells them, in each of some of its months."""
    refs = claim_refs.take(pa.array(claim))
    nothing = np.zeros(len(claim), np.int64)
    return [_table(made, month, truth, "cts", refs, nothing) for month in months]


def _table(
    made: MadeDistrict,
    month: Month,
    truth: str,
    feed: str,
    refs: Column,
    pence: Ints,
    before: Ints | None = None,
) -> pa.Table:
    code, count = made.district.code, len(pence)
    columns = [
        pa.repeat(code, count),
        pa.repeat(pa.scalar(month.first, pa.date32()), count),
        pa.repeat(truth, count),
        pa.repeat(feed, count),
        refs.cast(pa.string()),
        pounds(pence),
        pa.nulls(count, MONEY) if before is None else pounds(before),
    ]
    return pa.table(columns, schema=PLANTED)
