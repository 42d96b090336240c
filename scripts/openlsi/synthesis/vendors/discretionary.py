"""Discretionary awards: a list kept by hand in one district, a grants system's file in another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from openlsi.synthesis import text
from openlsi.synthesis.discretionary import (
    Awards,
    applicants_born,
    draw_awards,
    measures,
    people_table,
)
from openlsi.synthesis.district import MadeDistrict, Position
from openlsi.synthesis.faults import Dialect, Kind, Planted, Record, Table
from openlsi.synthesis.plan import Ints
from openlsi.synthesis.text import Column
from openlsi.synthesis.truth import Spoil, spoilt_rows
from openlsi.synthesis.vendors import columns as face
from openlsi.synthesis.vendors.piped import produced_at, written_pence

LIST_COLUMNS = text.words(
    "Ref,Date decided,Fund,Reason,Surname,First names,Date of birth,NI no,Address,Postcode,"
    "CT account,From,To,Amount",
    separator=",",
)
# In the order of `discretionary.FUNDS` and `discretionary.REASONS`.
LIST_FUNDS = ["DHP", "HSF", "CRF"]
LIST_REASONS = [
    "Benefit cap", "Bedroom tax", "LHA shortfall", "Rent shortfall", "Deposit", "Rent arrears",
    "Food", "Fuel/water", "Essentials", "Boiler/white goods", "Housing costs", "Advice service",
    "Other",
]  # fmt: skip
LIST_DIALECT = Dialect(",", encoding="cp1252")
LIST_HEAD_ROWS = 2
SLASHED = text.Dates("%d/%m/%Y", b"")
LIST_FAULTS = [
    Kind("award", "missing_required", "award_key", "Ref"),
    Kind("award", "duplicate_key", "award_key", "Ref", "repeat"),
    Kind("award", "bad_date", "decided_date", "Date decided", value=b"31/02/2026"),
    Kind("award", "unknown_code", "fund", "Fund", value=b"tbc"),
    Kind("award", "bad_number", "award_gbp", "Amount", value=b"see note"),
    Kind("award", "missing_required", "applicant_name_dob_key", "Surname"),
]
TAGGED_COLUMNS = text.words(
    "tag award_ref fund reason decided from to pence surname forenames dob nino address postcode"
)
TAGGED_FUNDS = ["10", "20", "30"]
TAGGED_REASONS = [f"{number:02d}" for number in range(1, 14)]
TAGGED_DIALECT = Dialect("|", quote=False, end=b"\r\n")
COMPACT = text.Dates("%Y%m%d", b"")
TAGGED_FAULTS = [
    Kind("award", "missing_required", "award_key", "award_ref"),
    Kind("award", "duplicate_key", "award_key", "award_ref", "repeat"),
    Kind("award", "bad_date", "decided_date", "decided", value=b"20260231"),
    Kind("award", "unknown_code", "award_reason", "reason", value=b"77"),
    Kind("award", "bad_number", "award_gbp", "pence", value=b"N/A"),
    Kind("award", "field_count", "", "postcode", "short"),
]


def award_refs(awards: Awards) -> Column:
    """Return award references: a letter and seven digits."""
    return text.join([b"W", text.numbers(4_000_001 + awards.number * 3)], b"")


class _Discretionary:
    """What the two ways of writing share: the awards, who applied, the count."""

    def __init__(self, made: MadeDistrict) -> None:
        self.made, self._months = made, draw_awards(made)

    def people(self) -> pa.Table:
        """Return who applied for each award."""
        refs = text.chunks([award_refs(awards) for awards in self._months])
        return people_table(self.made, self._months, [str(r, "ascii") for r in refs.to_pylist()])

    def _awards_of(self, position: Position) -> Awards:
        return self._months[self.made.plan.extract_months.index(position.month)]

    def _count(self, table: Table, awards: Awards, planted: Sequence[Planted]) -> dict[str, Any]:
        bad = spoilt_rows(planted, "award")
        return {
            "record": "award",
            "file_name": table.file_name,
            "physical_rows": len(table.lines),
            "planted_rows": len(planted),
            "clean_rows": len(awards) - len(bad),
            "clean_gbp": int(awards.pence.sum() - awards.pence[bad].sum()),
            "measures": measures(awards, bad),
        }


class HandKept(_Discretionary):
    """Writes the list of a benefits team, a file a month."""

    faults = LIST_FAULTS
    structural_rows = LIST_HEAD_ROWS

    def write(
        self, position: Position, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month; return the count and the planted faults."""
        awards, when = self._awards_of(position), position.month.first
        name = f"DHP and crisis awards - {self.made.district.name} - {when:%Y-%m}.csv"
        table = Table(
            name, LIST_COLUMNS, self._lines(awards), LIST_DIALECT, first_row=LIST_HEAD_ROWS + 1
        )
        record = Record("all", np.arange(len(awards)), awards.pence, {"Amount": awards.pence})
        planted = spoil({"all": table}, {"award": record})
        title = f"Discretionary awards decided in {when:%B %Y}, made-up data\n".encode()
        header = ",".join(LIST_COLUMNS).encode() + b"\n"
        text.write(folder / name, [title, header, table.lines])
        return [self._count(table, awards, planted)], planted

    def _lines(self, awards: Awards) -> Column:
        made, person = self.made, self.made.accounts.lead[awards.account]
        first, second = face.address_lines(made, awards.account)
        address = text.join([b'"', first, b", ", second, b'"'], b"")
        return text.lines(
            [
                award_refs(awards),
                SLASHED(awards.decided),
                text.pick(text.pool(LIST_FUNDS), awards.fund),
                text.pick(text.pool(LIST_REASONS), awards.reason),
                face.surnames(made, person, encoding="cp1252"),
                face.forenames(made, person, encoding="cp1252"),
                SLASHED(applicants_born(made, awards)),
                face.ninos(made, person, is_spaced=True),
                address,
                face.postcodes(made, awards.account),
                face.account_refs(made, awards.account),
                SLASHED(awards.start),
                SLASHED(awards.end),
                text.pound_signs()(awards.pence),
            ],
            b",",
        )


class Tagged(_Discretionary):
    """Writes the file of a grants system, with a trailer of totals."""

    faults = TAGGED_FAULTS
    structural_rows = 2

    def write(
        self, position: Position, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month; return the count and the planted faults."""
        awards, month = self._awards_of(position), position.month
        code = self.made.district.code
        name = f"{code}.GRANTS.{month.first:%Y%m}.txt"
        table = Table(name, TAGGED_COLUMNS, self._lines(awards), TAGGED_DIALECT)
        record = Record("W", np.arange(len(awards)), awards.pence, {"pence": awards.pence})
        planted = spoil({"W": table}, {"award": record})
        total = written_pence(awards.pence, planted, "award")
        when = f"{month.first:%Y%m}".encode()
        head = b"|".join([b"H", code.encode(), when, produced_at(month)])
        tail = f"T|{len(table.lines)}|{total}\r\n".encode()
        text.write(folder / name, [head + b"\r\n", table.lines, tail])
        return [self._count(table, awards, planted)], planted

    def _lines(self, awards: Awards) -> Column:
        made, person = self.made, self.made.accounts.lead[awards.account]
        pence: Ints = awards.pence
        return text.lines(
            [
                text.constant(b"W", len(awards)),
                award_refs(awards),
                text.pick(text.pool(TAGGED_FUNDS), awards.fund),
                text.pick(text.pool(TAGGED_REASONS), awards.reason),
                COMPACT(awards.decided),
                COMPACT(awards.start),
                COMPACT(awards.end),
                text.numbers(pence),
                face.surnames(made, person),
                face.forenames(made, person),
                COMPACT(applicants_born(made, awards)),
                face.ninos(made, person),
                text.join(face.address_lines(made, awards.account), b", "),
                face.postcodes(made, awards.account),
            ],
            b"|",
            b"\r\n",
        )
