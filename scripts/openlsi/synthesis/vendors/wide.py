"""The vendor with one wide CSV a feed: cp1252, Title Case headers, DD/MM/YYYY, pound signs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from openlsi.synthesis import text
from openlsi.synthesis.accounts import EXEMPTIONS
from openlsi.synthesis.counts import account_count, award_count, balance_count
from openlsi.synthesis.district import BalanceRows, MadeDistrict, Position
from openlsi.synthesis.faults import Dialect, Kind, Planted, Record, Table
from openlsi.synthesis.plan import OPEN, Ints, year_label
from openlsi.synthesis.text import Column
from openlsi.synthesis.truth import Spoil, spoilt_rows
from openlsi.synthesis.vendors import columns as face

DIALECT = Dialect(",", encoding="cp1252")
DAY = text.Dates("%d/%m/%Y", open_day=b"")
BLOCKS = ["CY", "PY1", "PY2", "PY3"]
_BLOCK = text.words(
    "Year,Gross,Discount Amt,CTR,Costs,Paid,Paid In Month,Written Off,"
    "Written Off In Month,Due To Date,Balance,Stage",
    separator=",",
)
ACCOUNT_COLUMNS = text.words(
    "Account No,Property Ref,UPRN,Lead Surname,Lead Forenames,Joint Surname,"
    "Joint Forenames,Address,Postcode,Band,Disabled Relief,Liable From,Liable To,"
    "Discount,Exemption,Pay Method,Markers",
    separator=",",
) + [f"{block} {name}" for block in BLOCKS for name in _BLOCK]
AWARD_COLUMNS = text.words(
    "Claim Ref,Account No,Claimant Surname,Claimant Forenames,Claimant DOB,Claimant NINO,"
    "Partner Surname,Partner Forenames,Partner DOB,Partner NINO,Scheme,UC,Passported,"
    "Dependants,Non Deps,Weekly Liability,Weekly Income,Weekly Award,Award From,Award To,"
    "Status,Posted This Month,Prior Period Adjustment",
    separator=",",
)
DISCOUNTS = ["None", "Single Person", "One Disregard", "All Disregarded", "Empty"]
METHODS = ["Direct Debit", "Standing Order", "Cash/Card", "Attachment"]
STAGES = [
    "None", "Reminder", "Final Notice", "Summons", "Liability Order", "Enforcement Agent",
    "Attachment", "Arrangement", "Charging Order",
]  # fmt: skip
STATUSES = {1: "In payment", 2: "Suspended", 9: "Ended"}
COUNCIL_TAX_FAULTS = [
    Kind("account", "missing_required", "account_key", "Account No"),
    Kind("account", "bad_date", "liability_start_date", "Liable From", value=b"31/02/2026"),
    Kind("account", "bad_number", "receipts_gbp", "CY Paid", value=b"N/A"),
    Kind("account", "bad_number", "balance_gbp", "CY Balance", value=b"#REF!"),
    Kind("account", "unknown_code", "band", "Band", value=b"J"),
    Kind("account", "unknown_code", "discount_kind", "Discount", value=b"Pensioner"),
    Kind("account", "duplicate_key", "account_key", "Account No", "repeat"),
    Kind("account", "does_not_add", "balance_gbp", "CY Balance", "shift"),
    Kind("account", "end_before_start", "liability_end_date", "Liable To", value=b"01/01/1950"),
    Kind("account", "field_count", "", "Address", "extra"),
]
CTS_FAULTS = [
    Kind("award", "missing_required", "claim_key", "Claim Ref"),
    Kind("award", "bad_date", "award_from", "Award From", value=b"31/02/2026"),
    Kind("award", "bad_number", "weekly_award_gbp", "Weekly Award", value=b"#REF!"),
    Kind("award", "bad_number", "weekly_council_tax_gbp", "Weekly Liability", value=b"N/A"),
    Kind("award", "unknown_code", "award_status", "Status", value=b"Pending"),
    Kind("award", "duplicate_key", "claim_key", "Claim Ref", "repeat"),
    Kind("award", "end_before_start", "award_to", "Award To", value=b"01/01/1950"),
    Kind("award", "field_count", "", "Account No", "extra"),
]


def claim_refs(claim: Ints) -> Column:
    """Return claim references such as CTR-1000003."""
    return text.join([b"CTR-", text.numbers(face.claim_numbers(claim))], b"")


def _line(pieces: list[Column | bytes]) -> Column:
    return text.lines(pieces, b",")


def _pool(words: list[str]) -> Column:
    return text.pool(words, "cp1252")


class CouncilTax:
    """Writes the council tax file of a district, month by month."""

    faults = COUNCIL_TAX_FAULTS
    structural_rows = 1

    def __init__(self, made: MadeDistrict) -> None:
        self.made = made
        self._money = text.pound_signs()
        faces, a = face.Faces.of(made), made.accounts
        account, joint = faces.account, faces.joint(made)
        lead = a.lead[account]
        first, second = face.address_lines(made, account)
        classes = ["None"] + [f"Class {letter}" for letter in EXEMPTIONS[1:]]
        self._faces = text.join(
            [
                face.account_refs(made, account),
                face.property_refs(made, account),
                face.uprns(made, account),
                *_names(made, lead, has_initials=True),
                *_names(made, joint, has_initials=True),
                text.join([b'"', first, b", ", second, b'"'], b""),
                face.postcodes(made, account),
                text.pick(_pool(list("ABCDEFGH")), a.band[account]),
                text.where(a.charge_band[account] <= a.band[account], b"Yes", b"No"),
                DAY(a.start[account]),
                DAY(faces.end(made)),
                text.pick(_pool(DISCOUNTS), faces.discount(made)),
                text.pick(_pool(classes), a.exemption[account]),
                text.pick(_pool(METHODS), a.payment_method[account]),
                face.marker_words(made, faces, ["DEC", "BS", "INS", "SEN", "OPT", "ANON"], ";"),
            ],
            b",",
        )

    def write(
        self, position: Position, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month; return the count of each record and the planted faults."""
        shown, month = position.accounts, position.month
        name = f"Council Tax Extract - {self.made.district.name} - {month.first:%Y-%m}.csv"
        place = np.full(len(self.made.accounts), -1)
        place[shown] = np.arange(len(shown))
        pence, current = np.zeros(len(shown), np.int64), np.zeros(len(shown), np.int64)
        pieces = [text.pick(self._faces, face.face_rows(self.made, position))]
        blocks = np.zeros(len(shown), np.int64)
        for rows in position.balances[: len(BLOCKS)]:
            at = place[rows.account]
            pence[at] += rows.balance
            blocks[at] += 1
            if rows.year == month.year:
                current[at] = rows.balance
            pieces.append(self._block(rows, at, len(shown)))
        table = Table(name, ACCOUNT_COLUMNS, _line(pieces), DIALECT)
        # Only accounts charged this year: faults are planted in its columns.
        eligible = np.sort(place[position.balances[0].account])
        record = Record("all", eligible, pence, {"CY Balance": current})
        planted = spoil({"all": table}, {"account": record})
        header = ",".join(ACCOUNT_COLUMNS).encode() + b"\n"
        text.write(folder / name, [header, table.lines])
        return self._counts(position, place, planted, table, blocks), planted

    def _block(self, rows: BalanceRows, at: Ints, count: int) -> Column:
        """Return one year's columns for every account; empty where it has none."""
        money = (
            rows.gross, rows.discount, rows.ctr, rows.costs, rows.paid, rows.paid_month,
            rows.write_off, rows.write_off_month, rows.due, rows.balance,
        )  # fmt: skip
        label = year_label(rows.year, "/").encode()
        empty = text.constant(b"," * (len(_BLOCK) - 1), 1)
        if len(rows.account) == 0:
            return text.pick(empty, np.zeros(count, np.int64))
        stage = text.pick(_pool(STAGES), rows.stage)
        own = text.join([text.constant(label, len(at)), *map(self._money, money), stage], b",")
        index = np.full(count, len(at))
        index[at] = np.arange(len(at))
        return text.pick(text.chunks([own, empty]), index)

    def _counts(
        self,
        position: Position,
        place: Ints,
        planted: list[Planted],
        table: Table,
        blocks: Ints,
    ) -> list[dict[str, Any]]:
        """Return the counts; a bad row takes its balances with it, and repeats bring some more."""
        bad = spoilt_rows(planted, "account")
        row_of_balance = np.concatenate([place[rows.account] for rows in position.balances])
        spoilt = np.flatnonzero(np.isin(row_of_balance, bad))
        repeated = sum(int(blocks[p.row]) for p in planted if p.kind.how == "repeat")
        return [
            account_count(self.made, position, planted, table),
            balance_count(
                table.file_name,
                position,
                spoilt,
                len(row_of_balance) + repeated,
                len(spoilt) + repeated,
            ),
        ]


class Cts:
    """Writes the CTS file of a district, month by month."""

    faults = CTS_FAULTS
    structural_rows = 1

    def __init__(self, made: MadeDistrict) -> None:
        self.made = made
        self._money = text.pound_signs()
        faces, s, h = face.ClaimFaces.of(made), made.segments, made.households
        people: list[Column] = []
        for person in (faces.claimant, faces.partner):
            born = np.where(person >= 0, made.people.birth[person], OPEN)
            people += [*_names(made, person), DAY(born), face.ninos(made, person, is_spaced=True)]
        self._people = text.join(people, b",")
        refs = face.account_refs(made, made.segment_account)
        self._heads = text.join([claim_refs(s.claim), refs], b",")
        incomes = text.where(s.weekly_income < 0, b"", self._money(s.weekly_income))
        self._middles = text.join(
            [
                text.where(s.is_pension, b"Pension Age", b"Working Age"),
                text.where(s.is_on_uc, b"Y", b"N"),
                text.where(h.is_passported[s.claim], b"Y", b"N"),
                text.numbers(h.dependants[s.claim]),
                text.numbers(h.non_dependants[s.claim]),
                self._money(s.weekly_charge),
                incomes,
            ],
            b",",
        )
        self._starts = DAY(s.start)
        self._statuses = _pool([STATUSES.get(code, "") for code in range(10)])

    def write(
        self, position: Position, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month; return the count and the planted faults."""
        awards, month = position.awards, position.month
        name = f"CTR Awards - {self.made.district.name} - {month.first:%Y-%m}.csv"
        lines = _line(
            [
                text.pick(self._heads, awards.segment),
                text.pick(self._people, face.claim_face_rows(self.made, awards.claim, month)),
                text.pick(self._middles, awards.segment),
                self._money(awards.weekly_award),
                text.pick(self._starts, awards.segment),
                DAY(awards.end),
                text.pick(self._statuses, awards.status),
                self._money(awards.posted),
                self._money(awards.adjustment),
            ]
        )
        table = Table(name, AWARD_COLUMNS, lines, DIALECT)
        pence = awards.weekly_award
        record = Record("all", np.flatnonzero(awards.is_only_row), pence, {"Weekly Award": pence})
        planted = spoil({"all": table}, {"award": record})
        header = ",".join(AWARD_COLUMNS).encode() + b"\n"
        text.write(folder / name, [header, table.lines])
        return [award_count(name, awards, planted, table)], planted


def _names(made: MadeDistrict, person: Ints, has_initials: bool = False) -> list[Column]:
    return [
        face.surnames(made, person, encoding="cp1252"),
        face.forenames(made, person, encoding="cp1252", has_initials=has_initials),
    ]
