"""What became of a cohort, as its officers tell it: a CSV, a row a household by its reference.

A file is taken whole or refused whole. A later file's row of a household replaces an earlier one's.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from openlsi.campaigns.cohort import cohort_files
from openlsi.campaigns.definition import Campaign
from openlsi.campaigns.errors import CampaignError
from openlsi.campaigns.holdings import outcome_path, read_checked, write_table
from openlsi.campaigns.register import OUTCOMES, Register
from openlsi.home import Home

DATES = ("contacted_on", "reached_on", "applied_on", "awarded_on")
POUNDS = ("one_off_gbp", "annualised_gbp", "lifetime_gbp", "back_dated_gbp")
COLUMNS = ("case_ref", *DATES, *POUNDS)
_MOST_POUNDS = Decimal(1_000_000)
_MONEY = pa.decimal128(18, 2)
SCHEMA = pa.schema(
    [
        ("district_code", pa.string()),
        ("household_key", pa.string()),
        ("case_ref", pa.string()),
        *((name, pa.date32()) for name in DATES),
        *((name, _MONEY) for name in POUNDS),
    ]
)


@dataclass(frozen=True)
class _Row:
    """One row of the file, by column, with the number that a spreadsheet gives it."""

    file: str
    number: int
    cells: Mapping[str, str]

    def refused(self, column: str, expected: str) -> CampaignError:
        return CampaignError(
            f"{self.file}, row {self.number}, column {column}: found '{self.cells[column]}',"
            f" expected {expected}; nothing of the file was taken"
        )


def record_outcomes(home: Home, campaign: Campaign, path: Path) -> Mapping[str, Any]:
    """Take a file of outcomes into the register and return its event.

    Raises CampaignError with the row and column for a reference of no household of the cohort, one
    that is held out, a date or an order of dates that cannot be, and pounds of a kind that the
    campaign does not have; and where the cohort is not frozen.
    """
    register = Register.read(home)
    frozen = register.frozen(campaign.campaign)
    if frozen is None:
        raise CampaignError(
            f"{campaign.campaign}: no cohort is frozen, so nobody can have been contacted"
        )
    if gone := register.let_go(campaign.campaign):
        raise CampaignError(
            f"{campaign.campaign}: its households were let go on {gone['at'][:10]}, so nothing can"
            " be told of them any more"
        )
    content, rows = _read(path)
    known = _known(home, frozen)
    taken = [_outcome(row, campaign, known) for row in _each_once(rows)]
    number = len(register.of(campaign.campaign, OUTCOMES)) + 1
    stored = outcome_path(home, campaign.campaign, f"{number:04d}.parquet")
    stored_sha256 = write_table(pa.Table.from_pylist(taken, schema=SCHEMA), stored)
    register.append(
        OUTCOMES, campaign.campaign, file=path.name, rows=len(taken), stored=stored.name,
        sha256=hashlib.sha256(content).hexdigest(),
        stored_sha256=stored_sha256,
    )  # fmt: skip
    return register.log.events[-1]


def _read(path: Path) -> tuple[bytes, list[_Row]]:
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise CampaignError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise CampaignError(
            f"{path}: is not UTF-8 text at byte {error.start}; save it as CSV"
        ) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = list(reader)
    except csv.Error as error:
        raise CampaignError(f"{path}, line {reader.line_num}: no CSV: {error}") from None
    if not lines or tuple(lines[0]) != COLUMNS:
        found = ", ".join(lines[0]) if lines else "nothing"
        raise CampaignError(f"{path}, row 1: found {found}, expected {', '.join(COLUMNS)}")
    rows = []
    for number, cells in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(COLUMNS):
            raise CampaignError(
                f"{path}, row {number}: found {len(cells)} cells, expected {len(COLUMNS)}; nothing"
                " of the file was taken"
            )
        told = (cell.strip() for cell in cells)
        rows.append(_Row(str(path), number, dict(zip(COLUMNS, told, strict=True))))
    if not rows:
        raise CampaignError(f"{path}: holds no row below its head")
    return content, rows


def _each_once(rows: list[_Row]) -> Iterator[_Row]:
    seen: dict[str, int] = {}
    for row in rows:
        first = seen.setdefault(row.cells["case_ref"], row.number)
        if first != row.number:
            raise row.refused("case_ref", f"each household once; row {first} has it already")
        yield row


def _known(home: Home, frozen: Mapping[str, Any]) -> dict[str, tuple[str, str, str]]:
    """Return district, household and arm of each reference of a cohort."""
    found: dict[str, tuple[str, str, str]] = {}
    names = ["case_ref", "district_code", "household_key", "arm"]
    for path in cohort_files(home, frozen):
        table = pq.read_table(path, columns=names)
        columns = (table[name].to_pylist() for name in names)
        for ref, district, household, arm in zip(*columns, strict=True):
            found[ref] = (district, household, arm)
    return found


def _outcome(
    row: _Row, campaign: Campaign, known: Mapping[str, tuple[str, str, str]]
) -> dict[str, Any]:
    ref = row.cells["case_ref"]
    if ref not in known:
        raise row.refused("case_ref", f"a reference of {campaign.campaign}'s frozen cohort")
    district, household, arm = known[ref]
    if arm != "contact":
        raise row.refused(
            "case_ref", "somebody to contact; this household is held out, and is compared as it is"
        )
    dates = {name: _date(row, name) for name in DATES}
    _check_order(row, dates)
    pounds = {name: _pounds(row, name, campaign) for name in POUNDS}
    if any(pounds.values()) and dates["awarded_on"] is None:
        raise row.refused("awarded_on", "the day of the award, since pounds are given")
    return {"district_code": district, "household_key": household, "case_ref": ref,
            **dates, **pounds}  # fmt: skip


def _date(row: _Row, column: str) -> date | None:
    text = row.cells[column]
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise row.refused(column, "a day such as 2027-01-31, or nothing") from None


def _check_order(row: _Row, dates: Mapping[str, date | None]) -> None:
    contacted = dates["contacted_on"]
    if contacted is None:
        raise row.refused("contacted_on", "the day of contact; without one there is no outcome")
    for name in ("reached_on", "applied_on", "awarded_on"):
        day = dates[name]
        if day is not None and day < contacted:
            raise row.refused(name, f"no day before the contact on {contacted}")


def _pounds(row: _Row, column: str, campaign: Campaign) -> Decimal | None:
    text = row.cells[column]
    if not text:
        return None
    kind = column.removesuffix("_gbp")
    if kind not in campaign.pounds:
        kinds = ", ".join(campaign.pounds) or "none"
        raise row.refused(column, f"nothing: pounds of {campaign.campaign} are {kinds}")
    try:
        pounds = Decimal(text)
    except InvalidOperation:
        pounds = Decimal("NaN")
    if not pounds.is_finite() or not 0 <= pounds <= _MOST_POUNDS or pounds != round(pounds, 2):
        raise row.refused(column, "pounds from 0 to 1,000,000 such as 1234.50, without a sign")
    return pounds


def reported(home: Home, campaign: str, register: Register) -> pa.Table:
    """Return what is told of each household of a campaign, by the last file that tells of it."""
    latest: dict[str, dict[str, Any]] = {}
    for table in outcome_tables(home, campaign, register).values():
        latest |= {row["household_key"]: row for row in table.to_pylist()}
    return pa.Table.from_pylist(list(latest.values()), schema=SCHEMA)


def outcome_tables(home: Home, campaign: str, register: Register) -> dict[str, pa.Table]:
    """Return recorded outcomes by the first name of their file, oldest first.

    Raises CampaignError for a file that is lost or was changed.
    """
    recorded = {event["stored"]: event["at"][:10] for event in register.of(campaign, OUTCOMES)}
    return {
        name: read_checked(
            outcome_path(home, campaign, told["file"]), told["sha256"],
            f"what was recorded on {recorded[name]}",
        )
        for name, told in register.outcome_files(campaign).items()
    }  # fmt: skip
