"""A pack as CSV files and one workbook: nothing in them is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openlsi.campaigns.outcomes import COLUMNS
from openlsi.packs import words
from openlsi.packs.entry import Entry
from openlsi.packs.manifest import Manifest
from openlsi.report.csv_files import neutral
from openlsi.report.spreadsheets.sheets import Notes, Sheet
from openlsi.report.spreadsheets.workbook import to_xlsx

_MARK = b"\xef\xbb\xbf"
_POUNDS = "#,##0.00"


@dataclass(frozen=True)
class _Column:
    """One column: its name in the CSV, its title in the workbook, whether it is pounds."""

    name: str
    title: str
    is_pounds: bool = False


@dataclass(frozen=True)
class _Table:
    """One table of the pack, by the name of its CSV."""

    name: str
    title: str
    columns: Sequence[_Column]
    rows: Sequence[Sequence[Any]]


_HOUSEHOLDS = (
    _Column("ref", "Reference"),
    _Column("contact", "Contact"),
    _Column("reasons", "Why not"),
    _Column("names", "Names"),
    _Column("address", "Address"),
    _Column("postcode", "Postcode"),
    _Column("references", "References"),
    _Column("campaigns", "Campaigns"),
    _Column("living_standards_class", "Living standards"),
    _Column("margin_gbp", "Left over, a month", True),
    _Column("months_in_shortfall", "Months in shortfall"),
    *(_Column(GAP, f"{words.BENEFITS[code]} missing, a week", True)
      for code, GAP in words.GAPS.items()),
    _Column("unregistered_pupils", "Pupils entitled to free meals, not registered"),
    _Column("council_tax_overdue_gbp", "Council tax overdue", True),
    _Column("rent_arrears_gbp", "Rent arrears", True),
    _Column("ability_to_pay", "Ability to pay"),
)  # fmt: skip
_MISSING = (
    _Column("ref", "Reference"),
    _Column("names", "Names"),
    _Column("contact", "Contact"),
    _Column("benefit", "Benefit"),
    _Column("estimate_gbp", "Rules, a month", True),
    _Column("in_payment_gbp", "In payment, a month", True),
    _Column("gap_gbp", "Missing, a month", True),
    _Column("gap_weekly_gbp", "Missing, a week", True),
    _Column("why", "Why"),
    _Column("how_sure", "How sure"),
)
_WORKING = (
    _Column("ref", "Reference"),
    _Column("benefit", "Benefit"),
    _Column("line_number", "Line"),
    _Column("line", "What"),
    _Column("sign", "Sign"),
    _Column("annual_gbp", "A year", True),
    _Column("legal_basis", "Rule"),
)


def sheets(manifest: Manifest, entries: Sequence[Entry]) -> Iterator[tuple[str, bytes]]:
    """Yield the CSV files and the workbook of a pack, by their names in it."""
    missing = [row for entry in entries for row in _missing(entry)]
    working = [row for entry in entries for row in _working(entry)]
    tables = (
        _Table("households", "Households", _HOUSEHOLDS, [_household(one) for one in entries]),
        _Table("missing", "What may be missing", _MISSING, missing),
        _Table("working", "Line by line, a year", _WORKING, working),
    )
    for table in tables:
        yield f"{table.name}.csv", _csv([one.name for one in table.columns], table.rows)
    yield "households.xlsx", to_xlsx(_notes(manifest), [_sheet(table) for table in tables])
    for campaign in sorted({name for entry in entries for name in entry.chosen.campaigns}):
        yield f"outcomes/{campaign}.csv", _form(campaign, entries)


def _household(entry: Entry) -> list[Any]:
    position, gaps = entry.facts["position"] or {}, entry.facts["gaps"] or {}
    home = next(iter(entry.contact.addresses), None)
    return [
        entry.ref, _contact(entry), "; ".join(entry.standing.reasons), entry.names,
        home.address if home else "", home.postcode if home else "",
        "; ".join(f"{one.kind} {one.reference}" for one in entry.contact.references),
        "; ".join(entry.chosen.campaigns),
        words.said(position.get("living_standards_class"), words.CLASSES),
        position.get("margin_gbp"), position.get("months_in_shortfall_count"),
        *(gaps.get(column) for column in words.GAPS.values()),
        gaps.get("unregistered_pupil_count"), entry.owed("council_tax"), entry.owed("rent"),
        words.said(position.get("ability_to_pay"), words.ABILITY),
    ]  # fmt: skip


def _missing(entry: Entry) -> Iterator[list[Any]]:
    for one in entry.missing:
        told = one.entitlement
        yield [
            entry.ref, entry.names, _contact(entry), one.name, told["estimate_gbp"],
            told["in_payment_gbp"], told["gap_gbp"], one.weekly_gbp,
            words.said(told["reason_code"], words.MISSING),
            words.said(told["confidence"], words.SURE),
        ]  # fmt: skip


def _working(entry: Entry) -> Iterator[list[Any]]:
    for one in entry.missing:
        for line in one.working:
            yield [
                entry.ref, one.name, line["line_number"], line["label"], words.SIGNS[line["sign"]],
                line["annual_gbp"], line["legal_basis"],
            ]  # fmt: skip


def _contact(entry: Entry) -> str:
    return "May be contacted" if entry.standing.may_contact else "Do not contact"


def _form(campaign: str, entries: Sequence[Entry]) -> bytes:
    """Return the form that `lsi campaign outcome` takes, a row a household to contact."""
    refs = [
        one.case_ref
        for entry in entries
        if campaign in entry.standing.campaigns
        for one in entry.chosen.memberships
        if one.campaign.campaign == campaign
    ]
    empty = [""] * (len(COLUMNS) - 1)
    return _csv(COLUMNS, [[ref, *empty] for ref in refs])


def _csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_text(value) for value in row] for row in rows)
    return _MARK + out.getvalue().encode("utf-8")


def _text(value: Any) -> str:
    if value is None:
        return ""
    return neutral(words.clean(value)) if isinstance(value, str) else str(value)


def _cell(value: Any) -> str | float | int | None:
    if value is None or isinstance(value, int):
        return value
    return float(value) if isinstance(value, Decimal) else _text(value)


def _sheet(table: _Table) -> Sheet:
    return Sheet(
        f"{table.name}.csv",
        table.title,
        "",
        tuple(one.name for one in table.columns),
        tuple(one.title for one in table.columns),
        tuple(tuple(_cell(value) for value in row) for row in table.rows),
        codes=tuple(_POUNDS if one.is_pounds else "" for one in table.columns),
    )


def _notes(manifest: Manifest) -> Notes:
    made_up = ("Every household, person and address is made up: a demonstration.",)
    return Notes(
        f"Household pack: {manifest.district_name}",
        (
            "Personal data. For "
            + ", ".join(f"{one.name} ({one.role})" for one in manifest.readers)
            + f" only. Delete by {words.day(manifest.delete_by)}.",
            f"Purpose: {manifest.purpose_title} ({manifest.gateway}).",
            f"Asked for: {manifest.request}. Figures are of {manifest.month}.",
            f"Pack {manifest.pack}, built {words.day(manifest.made_at)} by {manifest.by} from"
            f" build {manifest.build_id}.",
            "Estimates are an indication for an officer, never a decision. Pounds of different"
            " benefits are not added: Council Tax Support is income forgone, not a payment.",
            *(made_up if manifest.is_demo else ()),
        ),
        (),
        (),
    )
