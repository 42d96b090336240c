"""Housing Benefit from the vendor with table sets: claim, households, members, incomes, rent.

The tables and their columns are the vendor's own; `hbtenancy` is made up (see the layout).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from openlsi.synthesis import text
from openlsi.synthesis.claim_members import list_members
from openlsi.synthesis.district import MadeDistrict, Position
from openlsi.synthesis.faults import Kind, Planted, Record, Table
from openlsi.synthesis.housing_benefit import Rows, measures, rows_known, work_out
from openlsi.synthesis.plan import OPEN, Bools, Ints, Month, Plan
from openlsi.synthesis.planted import of_told_claims
from openlsi.synthesis.text import Column
from openlsi.synthesis.truth import Restatement, Spoil, spoilt_rows
from openlsi.synthesis.vendors import academy_housing_benefit_tables as tables
from openlsi.synthesis.vendors import columns as face
from openlsi.synthesis.vendors.academy_cts import claim_refs
from openlsi.synthesis.vendors.academy_tables import DAY, line
from openlsi.synthesis.vendors.claim_people import claim_people

FAULTS = [
    Kind("claim", "missing_required", "claim_key", "claim_id"),
    Kind("claim", "bad_date", "valid_from", "from_date", value=b"2026-02-31 00:00:00"),
    Kind("claim", "bad_number", "weekly_hb_gbp", "model_amt", value=b"#REF!"),
    Kind("claim", "duplicate_key", "claim_key", "claim_id", "repeat"),
    Kind("claim", "end_before_start", "valid_to", "to_date", value=b"1950-01-01 00:00:00"),
    # A discretionary payment among the assessments of benefit.
    Kind("claim", "unknown_code", "payment_kind", "dhp_ind", value=b"1"),
    Kind("claim", "unknown_code", "claim_status", "status_ind", value=b"7", table="hbclaim"),
    Kind("member", "missing_required", "member_key", "member_id"),
    Kind("member", "bad_date", "age_at_month_end", "birth_date", value=b"2026-02-31"),
    Kind("income", "bad_number", "income_gbp", "inc_amt", value=b"N/A"),
    Kind("income", "missing_lookup", "income_kind", "inc_code", value=b"QQQ"),
    Kind("income", "unknown_code", "income_period", "freq_len", value=b"77"),
    Kind("income", "duplicate_key", "claim_key", "claim_id", "repeat"),
]
# The table whose rows give each record.
DRIVING = {"claim": "hbrentass", "member": "hbmember", "income": "hbincome"}


class HousingBenefitTables:
    """Writes the tables of a district, month by month: what touches the month."""

    faults = FAULTS
    structural_rows = len(tables.COLUMNS)
    covers_months = 1
    first_place = 0

    def __init__(self, made: MadeDistrict) -> None:
        self.made = made
        self._benefit = work_out(made)
        self._members = list_members(made)
        self._claims = claim_refs(np.arange(len(made.households)))
        self._of_segment = tables.segment_lines(made, self._benefit)
        self._tails = tables.person_tails(made, self._members)
        self._incomes = tables.list_incomes(self._benefit, self._of_segment.head)
        # What the extracts written so far lack, for the truth ledger.
        self.planted: list[pa.Table] = []
        # What the last extract written said of earlier months.
        self.restatement: Restatement | None = None

    def people(self) -> Any:
        """Return which person stands behind which claim and role."""
        awarded = np.unique(self.made.segments.claim[self._benefit.is_awarded])
        return claim_people(self.made, "housing_benefit", self._claims, awarded)

    def write(
        self, position: Position, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month; return the count of each record and the planted faults."""
        months = [position.month]
        while len(months) < self.covers_months:
            months.insert(0, months[0].previous)
        opens = months[0].start
        rows = rows_known(self.made, self._benefit, position.index, position.month, opens)
        owner, is_pair, members = self._people_of(rows, position.month)
        earner, income = self._incomes.of(rows.segment)
        lines = {
            "hbclaim": self._claim_lines(rows),
            "hbhousehold": self._household_lines(rows),
            "hbmember": members,
            "hbincome": text.pick(self._incomes.lines, income),
            "hbinccode": tables.income_codes(),
            "hbrentass": self._assessments(rows),
            "hbctaxclaim": self._bridges(rows),
            "hbtenancy": text.pick(self._of_segment.tenancy, rows.segment),
        }
        prefix = (
            f"{self.made.district.slug}_hb_{position.month.first:%Y%m}_{self.produced(position)}"
        )
        made = tables.tables_of(prefix, lines)
        pence = self._benefit.weekly[rows.segment] - self._benefit.local[rows.segment]
        of_claim: Ints = np.cumsum(rows.is_last) - rows.is_last
        planted = spoil(
            made,
            {
                "claim": Record(
                    "hbrentass",
                    np.flatnonzero(rows.is_only),
                    pence,
                    {"model_amt": pence},
                    lines={"hbclaim": of_claim},
                ),
                # Claimants and partners stand behind the claims too: only others are spoilt.
                "member": Record("hbmember", np.flatnonzero(~is_pair)),
                "income": Record("hbincome", np.arange(len(earner))),
            },
        )
        tables.write_all(folder, made)
        spoilt = [earner[spoilt_rows(planted, "income")], owner[spoilt_rows(planted, "member")]]
        claims = rows.claim[np.concatenate(spoilt)]
        self.planted += of_told_claims(self.made, "row_set_aside", self._claims, months, claims)
        self.planted += of_told_claims(
            self.made, "told_as_of_later", self._claims, months[:-1], rows.claim[~rows.is_only]
        )
        told = Told(
            months=months,
            in_force=_told_again(self.made.plan, position.index, len(months)),
            rows=rows,
            starts=self.made.segments.start[rows.segment],
            pence=pence,
            row={"claim": np.arange(len(rows.claim)), "member": owner, "income": earner},
        )
        return self._counts(told, made, planted), planted

    def produced(self, position: Position) -> str:
        """Return the part of a file's name that says when it was produced; a snapshot has none."""
        return ""

    def _people_of(self, rows: Rows, month: Month) -> tuple[Ints, Bools, Column]:
        """Return for each line of `hbmember` its row, whether claimant or partner, and the line."""
        h, segment = self.made.households, rows.segment
        has_partner = self._benefit.has_partner[segment]
        is_swapped = has_partner & (month.end >= h.swap_day[rows.claim])
        faces = rows.claim + len(h) * (2 * is_swapped + has_partner)
        with_partner = np.flatnonzero(has_partner)
        asked, member = self._members.of(rows.claim)
        heads = text.pick(self._of_segment.head, segment)
        tails = self._tails
        lines = text.chunks(
            [
                text.join([heads, text.pick(tails.claimant, faces)], b","),
                text.join(
                    [
                        text.pick(heads, with_partner),
                        text.pick(tails.partner, faces[with_partner]),
                    ],
                    b",",
                ),
                text.join([text.pick(heads, asked), text.pick(tails.member, member)], b","),
            ]
        )
        row = np.concatenate([np.arange(len(rows.claim)), with_partner, asked])
        order = np.argsort(row, kind="stable")
        return row[order], order < len(row) - len(asked), text.pick(lines, order)

    def _claim_lines(self, rows: Rows) -> Column:
        last = np.flatnonzero(rows.is_last)
        claim = rows.claim[last]
        is_ended = rows.end[last] < OPEN
        return line(
            [
                text.pick(self._claims, claim),
                text.numbers(face.claim_numbers(claim) % 97 % 10),
                text.numbers(rows.status[last]),
                text.where(is_ended, tables.MOMENT(rows.end[last]), b""),
            ]
        )

    def _bridges(self, rows: Rows) -> Column:
        last = np.flatnonzero(rows.is_last)
        account = self.made.segment_account[rows.segment[last]]
        return line(
            [
                text.pick(self._claims, rows.claim[last]),
                b"1",
                face.account_refs(self.made, account),
            ]
        )

    def _household_lines(self, rows: Rows) -> Column:
        """Return households; the last one stays open when the claim has ended."""
        return line(
            [
                text.pick(self._of_segment.head, rows.segment),
                text.pick(self._of_segment.start, rows.segment),
                DAY(np.where(rows.is_last, OPEN, rows.end)),
                text.pick(self._of_segment.home, rows.segment),
            ]
        )

    def _assessments(self, rows: Rows) -> Column:
        return line(
            [
                text.pick(self._claims, rows.claim),
                text.pick(self._of_segment.start, rows.segment),
                tables.MOMENT(rows.end),
                text.pick(self._of_segment.amounts, rows.segment),
            ]
        )

    def _counts(
        self, told: Told, made: dict[str, Table], planted: list[Planted]
    ) -> list[dict[str, Any]]:
        """Return the counts of each month told of, the extract's own last."""
        good = {
            name: np.setdiff1d(np.arange(len(told.row[name])), spoilt_rows(planted, name))
            for name in DRIVING
        }
        counts: list[dict[str, Any]] = []
        restated, other_rows = [], sum(len(rows) for rows in good.values())
        for month in told.months:
            is_own = month == told.months[-1]
            clean = {name: told.in_month(name, good[name], month) for name in DRIVING}
            rows = sum(len(chosen) for chosen in clean.values())
            key = {"month": month.first, "is_superseded": told.is_superseded(month)}
            if is_own:
                other_rows -= rows
            else:
                restated.append({**key, "physical_rows": rows})
            for name, table in DRIVING.items():
                spoilt = len([p for p in planted if p.kind.record == name]) if is_own else 0
                counts.append(
                    {
                        **key,
                        "record": name,
                        "file_name": made[table].file_name,
                        "physical_rows": len(made[table].lines) if is_own else len(clean[name]),
                        "planted_rows": spoilt,
                        "clean_rows": len(clean[name]),
                    }
                )
            claims, is_good = (
                counts[-len(DRIVING)],
                np.isin(np.arange(len(told.starts)), clean["claim"]),
            )
            claims["clean_gbp"] = int(told.pence[is_good].sum())
            claims["measures"] = measures(self._benefit, told.rows, told.starts, is_good, month)
        own = told.is_superseded(told.months[-1])
        self.restatement = Restatement(restated, other_rows, own)
        return counts


@dataclass(frozen=True)
class Told:
    """What an extract tells of which months; `row` is the period of each line of a table."""

    months: list[Month]
    in_force: list[bool]
    rows: Rows
    starts: Ints
    pence: Ints
    row: dict[str, Ints]

    def in_month(self, name: str, lines: Ints, month: Month) -> Ints:
        """Return those of a table's lines that hold on a day of the month."""
        # The household of a claim that has ended stays open, and its people and incomes with it.
        end = self.rows.end if name == "claim" else np.where(self.rows.is_last, OPEN, self.rows.end)
        row = self.row[name][lines]
        return lines[(self.starts[row] <= month.end) & (end[row] >= month.start)]

    def is_superseded(self, month: Month) -> bool:
        """Return whether a later extract tells of the month again."""
        return not self.in_force[self.months.index(month)]


def _told_again(plan: Plan, index: int, months: int) -> list[bool]:
    """Return whether the extract of run month `index` is the last to tell of each of its months."""
    last = len(plan.run_months) - 1
    own = range(index - months + 1, index + 1)
    return [index == min(one + months - 1, last) for one in own]


class HousingBenefitHistory(HousingBenefitTables):
    """Writes the same tables, each extract restating the two months before its own.

    The first comes in the third month, so that no month is told of which no other feed has.
    """

    covers_months = 3
    first_place = 2

    def produced(self, position: Position) -> str:
        """Return when the extract was produced, by which the later of two is told."""
        return f"{position.month.next.first:%Y%m}03T061501_"
