"""The pipe-delimited vendor: tagged lines, pence, dates as 20261031, a trailer with totals."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from openlsi.synthesis import text
from openlsi.synthesis.accounts import EXEMPTIONS
from openlsi.synthesis.counts import account_count, all_balances, award_count, balance_count
from openlsi.synthesis.district import BalanceRows, MadeDistrict, Position
from openlsi.synthesis.faults import Dialect, Kind, Planted, Record, Table
from openlsi.synthesis.plan import OPEN, Ints, Month
from openlsi.synthesis.posting import AwardRows
from openlsi.synthesis.text import Column
from openlsi.synthesis.truth import Spoil, spoilt_rows
from openlsi.synthesis.vendors import columns as face

DIALECT = Dialect("|", quote=False, end=b"\r\n")
DAY = text.Dates("%Y%m%d", open_day=b"")

A = text.words(
    "tag account_ref property_ref uprn lead_surname lead_forenames joint_surname "
    "joint_forenames address postcode band disabled liable_from liable_to discount "
    "exemption pay_method markers",
)
B = text.words(
    "tag account_ref year gross discount ctr costs paid paid_month write_off "
    "write_off_month due_to_date balance stage",
)
C = text.words(
    "tag claim_ref account_ref surname forenames dob nino p_surname p_forenames p_dob "
    "p_nino scheme uc passported dependants non_deps weekly_liab weekly_income "
    "weekly_award from to status posted_month adj_prior",
)
COUNCIL_TAX_FAULTS = [
    Kind("account", "missing_required", "account_key", "account_ref"),
    Kind("account", "bad_date", "liability_start_date", "liable_from", value=b"20260231"),
    Kind("account", "unknown_code", "band", "band", value=b"J"),
    Kind("account", "unknown_code", "payment_method", "pay_method", value=b"9"),
    Kind("account", "duplicate_key", "account_key", "account_ref", "repeat"),
    Kind("account", "end_before_start", "liability_end_date", "liable_to", value=b"19500101"),
    Kind("account", "field_count", "", "markers", "short"),
    Kind("balance", "missing_required", "account_key", "account_ref"),
    Kind("balance", "bad_number", "receipts_gbp", "paid", value=b"N/A"),
    Kind("balance", "bad_number", "balance_gbp", "balance", value=b"#REF!"),
    Kind("balance", "unknown_code", "recovery_stage", "stage", value=b"12"),
    Kind("balance", "duplicate_key", "account_key", "account_ref", "repeat"),
    Kind("balance", "does_not_add", "balance_gbp", "balance", "shift"),
    Kind("balance", "field_count", "", "stage", "short"),
]
CTS_FAULTS = [
    Kind("award", "missing_required", "claim_key", "claim_ref"),
    Kind("award", "bad_date", "award_from", "from", value=b"20260231"),
    Kind("award", "bad_number", "weekly_award_gbp", "weekly_award", value=b"#REF!"),
    Kind("award", "bad_number", "weekly_council_tax_gbp", "weekly_liab", value=b"N/A"),
    Kind("award", "unknown_code", "award_status", "status", value=b"7"),
    Kind("award", "duplicate_key", "claim_key", "claim_ref", "repeat"),
    Kind("award", "end_before_start", "award_to", "to", value=b"19500101"),
    Kind("award", "field_count", "", "adj_prior", "short"),
]


def claim_refs(claim: Ints) -> Column:
    """Return claim references of eight digits."""
    return text.numbers(face.claim_numbers(claim), 8)


def produced_at(month: Month, version: int = 1) -> bytes:
    """Return when a file was produced: on the third of the next month, re-issues on the 17th."""
    day = 3 if version == 1 else 17
    return f"{month.next.first:%Y%m}{day:02d}T0615{version:02d}".encode()


class CouncilTax:
    """Writes the council tax file of a district, month by month."""

    faults = COUNCIL_TAX_FAULTS
    structural_rows = 2

    def __init__(self, made: MadeDistrict) -> None:
        self.made = made
        faces = face.Faces.of(made)
        a, account, joint = made.accounts, faces.account, faces.joint(made)
        lead = a.lead[account]
        first, second = face.address_lines(made, account)
        self._faces = text.lines(
            [
                b"A",
                face.account_refs(made, account),
                face.property_refs(made, account),
                face.uprns(made, account),
                face.surnames(made, lead),
                face.forenames(made, lead, has_initials=True),
                face.surnames(made, joint),
                face.forenames(made, joint, has_initials=True),
                text.join([first, second], b", "),
                face.postcodes(made, account),
                text.pick(text.pool(list("ABCDEFGH")), a.band[account]),
                text.numbers((a.charge_band[account] <= a.band[account]).astype(np.int64)),
                DAY(a.start[account]),
                DAY(faces.end(made)),
                text.numbers(faces.discount(made)),
                text.pick(text.pool(EXEMPTIONS), a.exemption[account]),
                text.numbers(a.payment_method[account] + 1),
                _flags(faces.markers(made)),
            ],
            b"|",
            b"\r\n",
        )
        self._refs = face.account_refs(made, np.arange(len(a)))

    def write(
        self, position: Position, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month; return the count of each record and the planted faults."""
        month, code = position.month, self.made.district.code
        name = f"{code}.CTAX.{month.first:%Y%m}.txt"
        lines = [self._balance_lines(rows) for rows in position.balances]
        pence = all_balances(position.balances)
        tables = {
            "A": Table(
                name, A, text.pick(self._faces, face.face_rows(self.made, position)), DIALECT
            ),
            "B": Table(name, B, text.chunks(lines), DIALECT),
        }
        records = {
            "account": Record("A", np.arange(len(position.accounts))),
            "balance": Record("B", np.arange(len(pence)), pence, {"balance": pence}),
        }
        planted = spoil(tables, records)
        tables["B"].first_row = 2 + len(tables["A"].lines)
        total = written_pence(pence, planted, "balance")
        counts = [len(table.lines) for table in tables.values()]
        head = b"|".join([b"H", code.encode(), f"{month.first:%Y%m}".encode(), produced_at(month)])
        tail = f"T|{counts[0]}|{counts[1]}|{total}\r\n".encode()
        text.write(folder / name, [head + b"\r\n", tables["A"].lines, tables["B"].lines, tail])
        spoilt = spoilt_rows(planted, "balance")
        of_balances = len([p for p in planted if p.kind.record == "balance"])
        return [
            account_count(self.made, position, planted, tables["A"]),
            balance_count(name, position, spoilt, counts[1], of_balances),
        ], planted

    def _balance_lines(self, rows: BalanceRows) -> Column:
        money = (
            rows.gross, rows.discount, rows.ctr, rows.costs, rows.paid, rows.paid_month,
            rows.write_off, rows.write_off_month, rows.due, rows.balance,
        )  # fmt: skip
        pieces = [b"B", text.pick(self._refs, rows.account), str(rows.year).encode()]
        pieces += [*map(text.numbers, money), text.numbers(rows.stage)]
        return text.lines(pieces, b"|", b"\r\n")


class Cts:
    """Writes the CTS file of a district, month by month."""

    faults = CTS_FAULTS
    structural_rows = 2

    def __init__(self, made: MadeDistrict) -> None:
        self.made = made
        faces, s = face.ClaimFaces.of(made), made.segments
        people = []
        for person in (faces.claimant, faces.partner):
            born = np.where(person >= 0, made.people.birth[person], OPEN)
            people += [face.surnames(made, person), face.forenames(made, person)]
            people += [DAY(born), face.ninos(made, person)]
        self._people = text.join(people, b"|")
        self._heads = text.join(
            [b"C", claim_refs(s.claim), face.account_refs(made, made.segment_account)], b"|"
        )
        h = made.households
        self._middles = text.join(
            [
                text.where(s.is_pension, b"P", b"W"),
                text.numbers(s.is_on_uc.astype(np.int64)),
                text.numbers(h.is_passported[s.claim].astype(np.int64)),
                text.numbers(h.dependants[s.claim]),
                text.numbers(h.non_dependants[s.claim]),
                text.numbers(s.weekly_charge),
                text.where(s.weekly_income < 0, b"", text.numbers(s.weekly_income)),
            ],
            b"|",
        )
        self._starts = DAY(s.start)

    def write(
        self,
        position: Position,
        folder: Path,
        spoil: Spoil,
        awards: AwardRows | None = None,
        version: int = 1,
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month, or a re-issue of it; return the count and the planted faults."""
        month, code = position.month, self.made.district.code
        awards = awards or position.awards
        suffix = "" if version == 1 else f".R{version}"
        name = f"{code}.CTS.{month.first:%Y%m}{suffix}.txt"
        table = Table(name, C, self._lines(awards, month), DIALECT)
        pence = awards.weekly_award
        record = Record("C", np.flatnonzero(awards.is_only_row), pence, {"weekly_award": pence})
        planted = spoil({"C": table}, {"award": record})
        total = written_pence(pence, planted, "award")
        stamp = produced_at(month, version)
        head = b"|".join([b"H", code.encode(), f"{month.first:%Y%m}".encode(), stamp])
        tail = f"T|{len(table.lines)}|{total}\r\n".encode()
        text.write(folder / name, [head + b"\r\n", table.lines, tail])
        return [award_count(name, awards, planted, table)], planted

    def _lines(self, awards: AwardRows, month: Month) -> Column:
        pieces = [
            text.pick(self._heads, awards.segment),
            text.pick(self._people, face.claim_face_rows(self.made, awards.claim, month)),
            text.pick(self._middles, awards.segment),
            text.numbers(awards.weekly_award),
            text.pick(self._starts, awards.segment),
            DAY(awards.end),
            text.numbers(awards.status),
            text.numbers(awards.posted),
            text.numbers(awards.adjustment),
        ]
        return text.lines(pieces, b"|", b"\r\n")


def _flags(marks: Ints) -> Column:
    words = text.pool([f"{code:06b}"[::-1] for code in range(64)])
    return text.pick(words, marks @ (1 << np.arange(6)))


def written_pence(pence: Ints, planted: Sequence[Planted], record: str) -> int:
    """Return the control column as it stands in the file, unreadable values counting nothing."""
    own = [p for p in planted if p.kind.record == record]
    spoilt = sum(int(pence[p.row]) for p in own if p.kind.how != "repeat")
    return int(pence.sum()) - spoilt + sum(p.pence for p in own)
