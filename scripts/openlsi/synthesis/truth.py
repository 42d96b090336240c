"""The truth ledger: what each extract holds and each fault planted in it, for the tests only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from openlsi.synthesis.accounts import NO_HOUSEHOLD
from openlsi.synthesis.district import MadeDistrict
from openlsi.synthesis.faults import Planted, Record, Table
from openlsi.synthesis.people import NO_ONE
from openlsi.synthesis.plan import OPEN, Ints, Month, month_index

MONEY = pa.decimal128(18, 2)
EXTRACTS = pa.schema(
    [
        ("district_code", pa.string()),
        ("feed", pa.string()),
        ("record", pa.string()),
        ("month", pa.date32()),
        ("file_name", pa.string()),
        ("is_superseded", pa.bool_()),
        ("physical_rows", pa.int64()),
        ("planted_rows", pa.int64()),
        ("clean_rows", pa.int64()),
        ("clean_gbp", MONEY),
        ("clean_accrued_gbp", MONEY),
        ("clean_retrospective_gbp", MONEY),
        ("clean_posted_gbp", MONEY),
        ("clean_overdue_gbp", MONEY),
        ("clean_not_yet_due_gbp", MONEY),
        ("clean_costs_gbp", MONEY),
        ("clean_credit_gbp", MONEY),
        ("clean_qrc4_arrears_gbp", MONEY),
        ("clean_net_collectable_debit_gbp", MONEY),
        ("clean_receipts_to_date_gbp", MONEY),
        ("clean_receipts_in_month_gbp", MONEY),
        ("clean_write_off_to_date_gbp", MONEY),
        ("clean_write_off_in_month_gbp", MONEY),
    ]
)
DELIVERIES = pa.schema(
    [
        ("district_code", pa.string()),
        ("feed", pa.string()),
        ("month", pa.date32()),
        ("is_superseded", pa.bool_()),
        ("physical_rows", pa.int64()),
        ("structural_rows", pa.int64()),
        ("planted_rows", pa.int64()),
        ("other_month_rows", pa.int64()),
    ]
)
FAULTS = pa.schema(
    [
        ("district_code", pa.string()),
        ("feed", pa.string()),
        ("record", pa.string()),
        ("month", pa.date32()),
        ("file_name", pa.string()),
        ("source_row", pa.int64()),
        ("record_file_name", pa.string()),
        ("record_source_row", pa.int64()),
        ("reason", pa.string()),
        ("column_name", pa.string()),
        ("source_column", pa.string()),
        ("gbp", MONEY),
        ("is_superseded", pa.bool_()),
    ]
)
# What a feed's extract of a month comes to in its own terms, for the tests to hold marts against.
MEASURES = pa.schema(
    [
        ("district_code", pa.string()),
        ("feed", pa.string()),
        ("month", pa.date32()),
        ("is_superseded", pa.bool_()),
        ("measure", pa.string()),
        ("count", pa.int64()),
        ("gbp", MONEY),
    ]
)
# Who stands in which row of which feed: by the reference that the file carries.
PEOPLE = pa.schema(
    [
        ("district_code", pa.string()),
        ("feed", pa.string()),
        ("record", pa.string()),
        ("role", pa.string()),
        ("source_ref", pa.string()),
        ("person_id", pa.string()),
        ("household_id", pa.string()),
    ]
)
HOUSEHOLDS = pa.schema(
    [
        ("district_code", pa.string()),
        ("household_id", pa.string()),
        ("claimant_person_id", pa.string()),
        ("partner_person_id", pa.string()),
        ("account_ref", pa.string()),
        ("claim_ref", pa.string()),
        ("first_month", pa.date32()),
        ("last_month", pa.date32()),
        ("is_second_account", pa.bool_()),
        ("partner_from_start", pa.bool_()),
        ("partner_at_end", pa.bool_()),
        ("household_changes_on", pa.date32()),
        ("claimants_swap_on", pa.date32()),
    ]
)


@dataclass(frozen=True)
class Restatement:
    """What an extract says of months before its own.

    `months` gives of each earlier one its month, whether a later extract tells of it again
    (is_superseded) and its good rows (physical_rows). `other_month_rows` are good rows that hold on
    no day of the extract's own month; `is_superseded` is of its own month.
    """

    months: Sequence[dict[str, Any]]
    other_month_rows: int
    is_superseded: bool


# What every sender's extracts are told of, districts and the county's services alike.
OF_EXTRACTS = ("extracts", "faults", "deliveries", "measures")

Spoil = Callable[[Mapping[str, Table], Mapping[str, Record]], list[Planted]]


@dataclass
class Ledger:
    """Rows of the truth of one district, gathered as its files are written."""

    district_code: str
    extracts: list[dict[str, Any]] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    deliveries: list[dict[str, Any]] = field(default_factory=list)
    measures: list[dict[str, Any]] = field(default_factory=list)

    def note(
        self,
        feed: str,
        month: Month,
        counts: Sequence[dict[str, Any]],
        planted: Sequence[Planted],
        lines: int,
        structural_rows: int,
        is_superseded: bool = False,
        restatement: Restatement | None = None,
    ) -> None:
        """Note one extract: its rows, a count for each record, and its planted faults.

        `lines` are the data lines of all its files, `structural_rows` their headers, titles and
        trailers. Where it restates earlier months, its counts say of which month they are.
        """
        told = restatement or Restatement((), 0, is_superseded)
        key = {
            "district_code": self.district_code,
            "feed": feed,
            "month": month.first,
            "is_superseded": told.is_superseded,
        }
        self.extracts.extend({**key, **count} for count in counts)
        # A count may carry `measures`: name → (count, pence), what the month comes to.
        of_month = ("month", "is_superseded")
        self.measures.extend(
            {
                **key,
                **{name: count[name] for name in of_month if name in count},
                "measure": measure,
                "count": number,
                "gbp": pence,
            }
            for count in counts
            for measure, (number, pence) in count.get("measures", {}).items()
        )
        self.faults.extend({**key, **_fault(one)} for one in planted)
        self.deliveries.append(
            {
                **key,
                "physical_rows": lines + structural_rows,
                "structural_rows": structural_rows,
                "planted_rows": len(planted),
                "other_month_rows": told.other_month_rows,
            }
        )
        self.deliveries.extend(
            {**key, "structural_rows": 0, "planted_rows": 0, "other_month_rows": 0, **earlier}
            for earlier in told.months
        )


def _fault(planted: Planted) -> dict[str, Any]:
    return {
        "record": planted.kind.record,
        "file_name": planted.table.file_name,
        "source_row": planted.table.row_number(planted.line),
        "record_file_name": planted.own_table.file_name,
        "record_source_row": planted.own_table.row_number(planted.own_line),
        "reason": planted.kind.reason,
        "column_name": planted.kind.column,
        "source_column": planted.kind.source_column,
        "gbp": planted.pence,
    }


def spoilt_rows(planted: Sequence[Planted], record: str) -> Ints:
    """Return the record's rows that are bad; a repeated row stays good where it first stands."""
    own = [p for p in planted if p.kind.record == record]
    rows = {p.row for p in own if p.kind.reason != "duplicate_key"}
    return np.array(sorted(rows), dtype=np.int64)


def households_table(
    made: MadeDistrict, account_refs: list[str], claim_refs: list[str]
) -> pa.Table:
    """Return who is who: one row a CTS household's account, with the months it is open for."""
    a, h, count = made.accounts, made.households, made.cts_accounts
    owner = a.household[:count]
    months = made.plan.extract_months
    first = np.clip(month_index(months, a.start[:count]), 0, len(months) - 1)
    last = np.clip(month_index(months, a.end[:count]), 0, len(months) - 1)
    firsts = np.array([month.first for month in months], dtype="datetime64[D]")
    code = made.district.code
    return pa.table(
        {
            "district_code": [code] * count,
            "household_id": [f"{code}-H{one}" for one in owner.tolist()],
            "claimant_person_id": [f"{code}-P{one}" for one in owner.tolist()],
            "partner_person_id": [f"{code}-P{one + len(h)}" for one in owner.tolist()],
            "account_ref": account_refs,
            "claim_ref": claim_refs,
            "first_month": firsts[first],
            "last_month": firsts[last],
            "is_second_account": np.arange(count) >= len(h),
            "partner_from_start": h.has_partner[owner],
            "partner_at_end": h.has_partner_later[owner],
            "household_changes_on": _day_or_null(h.household_day[owner]),
            "claimants_swap_on": _day_or_null(h.swap_day[owner]),
        },
        schema=HOUSEHOLDS,
    )


def account_people(made: MadeDistrict, refs: list[str]) -> pa.Table:
    """Return who is liable on each council tax account at some time, as PEOPLE.

    An account of nobody with Council Tax Support has no household: its people tell whose it is.
    """
    a, code = made.accounts, made.district.code
    joint = np.where(a.joint == NO_ONE, a.joint_later, a.joint)
    person = np.concatenate([a.lead, joint])
    household = a.household.tolist()
    rows = np.flatnonzero(person != NO_ONE).tolist()
    of_account = [row % len(a) for row in rows]
    return pa.table(
        {
            "district_code": [code] * len(rows),
            "feed": ["council_tax"] * len(rows),
            "record": ["account"] * len(rows),
            "role": ["lead" if row < len(a) else "joint" for row in rows],
            "source_ref": [refs[account] for account in of_account],
            "person_id": [f"{code}-P{person[row]}" for row in rows],
            "household_id": [
                None if household[account] == NO_HOUSEHOLD else f"{code}-H{household[account]}"
                for account in of_account
            ],
        },
        schema=PEOPLE,
    )


def _day_or_null(days: Ints) -> pa.Array:
    return pa.array(days.astype(np.int32), pa.int32(), mask=days >= OPEN).cast(pa.date32())


def write_rows(path: Path, rows: Sequence[dict[str, Any]], schema: pa.Schema) -> None:
    """Write rows to parquet; pence under a name ending in `_gbp` become pounds."""
    columns = {}
    for item in schema:
        values = [row.get(item.name) for row in rows]
        if item.type == MONEY:
            columns[item.name] = pounds(values)
        else:
            columns[item.name] = pa.array(values, item.type)
    pq.write_table(pa.table(columns, schema=schema), path, compression="zstd")


def pounds(pence: Sequence[int | None] | Ints) -> pa.Array:
    """Return pence as pounds."""
    hundredths = pa.array(pence, pa.int64()).cast(pa.decimal128(19, 0))
    buffers = hundredths.buffers()
    return pa.Array.from_buffers(MONEY, len(pence), buffers)
