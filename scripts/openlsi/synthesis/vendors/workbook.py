"""The vendor with a workbook a month: a cover, an awards sheet, real Excel dates and numbers."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import xlsxwriter

from openlsi.synthesis import text
from openlsi.synthesis.counts import award_count
from openlsi.synthesis.district import MadeDistrict, Position
from openlsi.synthesis.faults import Dialect, Kind, Planted, Record, Table
from openlsi.synthesis.plan import OPEN, Ints, Month
from openlsi.synthesis.text import Column
from openlsi.synthesis.truth import Spoil
from openlsi.synthesis.vendors import columns as face

DIALECT = Dialect("")
COLUMNS = text.words(
    "Claim,Account,Surname,Forenames,Date of birth,NI number,Partner surname,"
    "Partner forenames,Partner date of birth,Partner NI number,Pension age?,UC?,"
    "Passported?,Children,Other adults,Weekly charge,Weekly income,Weekly CTR,From,To,"
    "State,Credit posted,Earlier months adjustment",
    separator=",",
)
STATES = {1: "Live", 2: "Held", 9: "Closed"}
HEADER_ROWS = 4
# Excel counts days from 30 December 1899 (its 29 February 1900 included).
SERIAL_OF_1970 = 25569
_EMPTY = b"<c/>"
_SHEET = "xl/worksheets/sheet2.xml"
_STAMP = (1980, 1, 1, 0, 0, 0)


def _word(value: bytes) -> bytes:
    return b'<c t="inlineStr"><is><t>' + value + b"</t></is></c>"


CTS_FAULTS = [
    Kind("award", "missing_required", "claim_key", "Claim", value=_EMPTY),
    Kind("award", "bad_date", "award_from", "From", value=_word(b"31/02/2026")),
    Kind("award", "bad_number", "weekly_award_gbp", "Weekly CTR", value=_word(b"#REF!")),
    Kind("award", "bad_number", "weekly_council_tax_gbp", "Weekly charge", value=_word(b"N/A")),
    Kind("award", "unknown_code", "award_status", "State", value=_word(b"Pending")),
    Kind("award", "duplicate_key", "claim_key", "Claim", "repeat"),
    Kind("award", "end_before_start", "award_to", "To", value=b'<c s="1"><v>18264</v></c>'),
]


def claim_refs(claim: Ints) -> Column:
    """Return claim references such as TW1000003."""
    return text.join([b"TW", text.numbers(face.claim_numbers(claim))], b"")


def _words(words: Column) -> Column:
    cell = text.join([b'<c t="inlineStr"><is><t>', words, b"</t></is></c>"], b"")
    is_empty = pc.equal(pc.binary_length(words), 0).to_numpy(zero_copy_only=False)
    return text.where(is_empty, _EMPTY, cell)


def _whole(values: Ints) -> Column:
    return text.join([b"<c><v>", text.numbers(values), b"</v></c>"], b"")


def _days(days: Ints) -> Column:
    cell = text.join([b'<c s="1"><v>', text.numbers(days + SERIAL_OF_1970), b"</v></c>"], b"")
    return text.where(days >= OPEN, _EMPTY, cell)


def _pounds(pence: Ints) -> Column:
    return text.join([b'<c s="2"><v>', text.plain_money()(pence), b"</v></c>"], b"")


class Cts:
    """Writes the CTS workbook of a district, month by month."""

    faults = CTS_FAULTS
    structural_rows = HEADER_ROWS

    def __init__(self, made: MadeDistrict) -> None:
        self.made = made
        faces, s, h = face.ClaimFaces.of(made), made.segments, made.households
        people: list[Column] = []
        for number, person in enumerate((faces.claimant, faces.partner)):
            born = np.where(person >= 0, made.people.birth[person], OPEN)
            people += [_words(face.surnames(made, person)), _words(face.forenames(made, person))]
            people += [_days(born), _words(face.ninos(made, person, is_spaced=number == 0))]
        self._people = text.join(people, b"")
        accounts = face.account_refs(made, made.segment_account)
        self._heads = text.join([_words(claim_refs(s.claim)), _words(accounts)], b"")
        flags = [s.is_pension, s.is_on_uc, h.is_passported[s.claim]]
        self._middles = text.join(
            [
                *[text.where(flag, _word(b"Y"), _word(b"N")) for flag in flags],
                _whole(h.dependants[s.claim]),
                _whole(h.non_dependants[s.claim]),
                _pounds(s.weekly_charge),
                text.where(s.weekly_income < 0, _EMPTY, _pounds(s.weekly_income)),
            ],
            b"",
        )
        self._starts = _days(s.start)
        self._states = text.pool([_word(STATES.get(n, "").encode()).decode() for n in range(10)])

    def write(
        self, position: Position, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month; return the count and the planted faults."""
        awards, month = position.awards, position.month
        name = f"{self.made.district.slug}-CTS-{month.first:%Y%m}.xlsx"
        lines = text.join(
            [
                b"<row>",
                text.pick(self._heads, awards.segment),
                text.pick(self._people, face.claim_face_rows(self.made, awards.claim, month)),
                text.pick(self._middles, awards.segment),
                _pounds(awards.weekly_award),
                text.pick(self._starts, awards.segment),
                _days(awards.end),
                text.pick(self._states, awards.status),
                _pounds(awards.posted),
                _pounds(awards.adjustment),
                b"</row>",
            ],
            b"",
        )
        table = Table(name, COLUMNS, lines, DIALECT, first_row=HEADER_ROWS + 1)
        pence = awards.weekly_award
        record = Record("all", np.flatnonzero(awards.is_only_row), pence, {"Weekly CTR": pence})
        planted = spoil({"all": table}, {"award": record})
        _write_workbook(folder / name, self.made.district.name, month, table.lines)
        return [award_count(name, awards, planted, table)], planted


def _write_workbook(path: Path, district: str, month: Month, lines: Column) -> None:
    """Write a workbook whose frame xlsxwriter makes and whose rows are joined in bulk.

    A cell at a time takes twenty times as long; the date in the properties is fixed, so that the
    same rows give the same bytes.
    """
    frame = _frame(district, month)
    with zipfile.ZipFile(frame) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == _SHEET:
                head, tail = content.split(b"</sheetData>")
                rows = b":W%d" % (HEADER_ROWS + len(lines))
                head = head.replace(b":W%d" % HEADER_ROWS, rows, 1)
                content = b"".join([head, bytes(text.body(lines)), b"</sheetData>", tail])
            entry = zipfile.ZipInfo(name, _STAMP)
            target.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=1)


def _frame(district: str, month: Month) -> io.BytesIO:
    frame = io.BytesIO()
    book = xlsxwriter.Workbook(frame, {"in_memory": True, "strings_to_numbers": False})
    book.set_properties({"created": datetime(month.next.first.year, month.next.first.month, 3)})
    cover = book.add_worksheet("Cover")
    cover.write_column(0, 0, [
        f"{district} Borough Council",
        "Council Tax Reduction: awards at month end",
        f"Month: {month.first:%B %Y}",
        "Demonstration data: every person, address and account in this workbook is made up.",
    ])  # fmt: skip
    # Formats 1 and 2 of the file: a date and pounds; the rows refer to them by number.
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    pounds = book.add_format({"num_format": "#,##0.00"})
    sheet = book.add_worksheet("Awards")
    sheet.write_column(0, 0, [f"{district}: CTR awards", f"{month.first:%B %Y}", "Made-up data"])
    sheet.write_row(HEADER_ROWS - 1, 0, COLUMNS)
    # Used once outside the rows, or xlsxwriter leaves the formats out of the file.
    cover.write_datetime(5, 0, datetime(month.first.year, month.first.month, 1), day)
    cover.write_number(6, 0, 0, pounds)
    book.close()
    frame.seek(0)
    return frame
