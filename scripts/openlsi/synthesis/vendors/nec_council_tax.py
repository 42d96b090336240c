"""Council tax from the NEC-like vendor: accounts with their items, charges, transactions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from openlsi.synthesis import text
from openlsi.synthesis.accounts import EXEMPTIONS
from openlsi.synthesis.attachments import attachments
from openlsi.synthesis.counts import account_count, all_balances, balance_count
from openlsi.synthesis.district import BalanceRows, MadeDistrict, Position
from openlsi.synthesis.faults import Dialect, Kind, Planted, Record
from openlsi.synthesis.people import NO_ONE
from openlsi.synthesis.plan import Ints, Month
from openlsi.synthesis.text import Column
from openlsi.synthesis.truth import Spoil, spoilt_rows
from openlsi.synthesis.vendors import columns as face
from openlsi.synthesis.vendors.table_sets import tables_of, write_all, yes

DIALECT = Dialect("|", quote=False)
DAY = text.Dates("%Y-%m-%d 00:00:00", open_day=b"")
COLUMNS = {
    "accounts": text.words(
        "ACC_REF PROP_REF SURNAME FORENAMES LIABLE_FROM LIABLE_TO BAND_RED PAYM_CODE DEC_IND "
        "BS_IND INSOLV_IND SENS_IND NO_CONTACT_IND ANON_IND",
    ),
    "account_items": text.words("ITEM ACC_REF CODE SURNAME FORENAMES"),
    "properties": text.words("PROP_REF UPRN BAND ADDRESS POSTCODE"),
    "charges": text.words("ACC_REF FIN_YEAR GROSS DISCOUNT CTR INST_DUE BALANCE REC_STAGE"),
    "transactions": text.words("TRANS ACC_REF FIN_YEAR PERIOD AMOUNT MONTH_AMOUNT"),
}
DISCOUNTS = ["NIL", "SOLE", "DISR", "NORES", "VACANT"]
METHODS = ["DDR", "STO", "CSH", "DED"]
ATTACHMENTS = ["", "EARN", "BENE"]
STAGES = ["NON", "RM1", "FIN", "SUM", "LOR", "EAG", "ATT", "ARR", "CHO"]
FAULTS = [
    Kind("account", "missing_required", "account_key", "ACC_REF"),
    Kind("account", "bad_date", "liability_start_date", "LIABLE_FROM", value=b"2026-02-31"),
    Kind("account", "unknown_code", "payment_method", "PAYM_CODE", value=b"ZZZ"),
    Kind("account", "unknown_code", "discount_kind", "CODE", value=b"HALF", table="account_items"),
    Kind("account", "unknown_code", "band", "BAND", value=b"J", table="properties"),
    Kind("account", "missing_lookup", "property_key", "PROP_REF", "drop", table="properties"),
    Kind("account", "duplicate_key", "account_key", "ACC_REF", "repeat"),
    Kind(
        "account", "end_before_start", "liability_end_date", "LIABLE_TO",
        value=b"1950-01-01 00:00:00",
    ),
    Kind("account", "field_count", "", "ANON_IND", "short"),
    Kind("balance", "missing_required", "account_key", "ACC_REF"),
    Kind("balance", "bad_number", "cts_credit_gbp", "CTR", value=b"N/A"),
    Kind("balance", "bad_number", "balance_gbp", "BALANCE", value=b"#REF!"),
    Kind("balance", "unknown_code", "recovery_stage", "REC_STAGE", value=b"XXX"),
    Kind("balance", "duplicate_key", "account_key", "ACC_REF", "repeat"),
    Kind("balance", "does_not_add", "balance_gbp", "BALANCE", "shift"),
    Kind("balance", "field_count", "", "REC_STAGE", "short"),
]  # fmt: skip


def line(pieces: list[Column | bytes]) -> Column:
    """Return lines of pieces between pipes."""
    return text.lines(pieces, b"|")


class CouncilTax:
    """Writes the five council tax files of a district, month by month."""

    faults = FAULTS
    structural_rows = 5

    def __init__(self, made: MadeDistrict) -> None:
        self.made = made
        self._money = text.plain_money()
        self._faces, a = face.Faces.of(made), made.accounts
        account = self._faces.account
        refs = face.account_refs(made, account)
        self._accounts = line(
            [
                refs,
                face.property_refs(made, account),
                *self._names(a.lead[account]),
                DAY(a.start[account]),
                DAY(self._faces.end(made)),
                yes(a.charge_band[account] <= a.band[account]),
                text.pick(text.pool(METHODS), a.payment_method[account]),
                *[yes(marks > 0) for marks in self._faces.markers(made).T],
            ]
        )
        joint = self._faces.joint(made)
        self._joint = joint
        self._joints = line([b"JNT", refs, b"", *self._names(joint)])
        self._discounts = line(
            [b"DIS", refs, text.pick(text.pool(DISCOUNTS), self._faces.discount(made)), b"", b""]
        )
        every = np.arange(len(a))
        self._properties = line(
            [
                face.property_refs(made, every),
                face.uprns(made, every),
                text.pick(text.pool(list("ABCDEFGH")), a.band),
                text.join([*face.address_lines(made, every)], b", "),
                face.postcodes(made, every),
            ]
        )
        self._refs = face.account_refs(made, every)

    def _names(self, person: Ints) -> list[Column]:
        return [
            face.surnames(self.made, person),
            face.forenames(self.made, person, has_initials=True),
        ]

    def write(
        self, position: Position, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month; return the count of each record and the planted faults."""
        shown, month = position.accounts, position.month
        faces = face.face_rows(self.made, position)
        _, first, place, uses = np.unique(
            self.made.accounts.dwelling[shown],
            return_index=True, return_inverse=True, return_counts=True,
        )  # fmt: skip
        pence = all_balances(position.balances)
        tables = tables_of(
            f"{self.made.district.slug}.ct_{{table}}.{month.first:%Y%m}.txt",
            COLUMNS,
            {
                "accounts": text.pick(self._accounts, faces),
                "account_items": self._items(position, faces),
                "properties": text.pick(self._properties, shown[first]),
                "charges": text.chunks([self._charges(rows) for rows in position.balances]),
                "transactions": text.chunks(
                    [part for rows in position.balances for part in self._posted(rows, month)]
                ),
            },
            DIALECT,
        )
        rows = np.arange(len(shown))
        records = {
            "account": Record(
                "accounts",
                # A property that two accounts share would spoil both.
                np.flatnonzero(uses[place] == 1),
                # Items begin with one discount an account.
                lines={"account_items": rows, "properties": place},
            ),
            "balance": Record("charges", np.arange(len(pence)), pence, {"BALANCE": pence}),
        }
        planted = spoil(tables, records)
        write_all(folder, tables)
        charges, accounts = tables["charges"], tables["accounts"]
        of_balances = len([p for p in planted if p.kind.record == "balance"])
        spoilt = spoilt_rows(planted, "balance")
        return [
            account_count(self.made, position, planted, accounts, says_attachment=True),
            balance_count(charges.file_name, position, spoilt, len(charges.lines), of_balances),
        ], planted

    def _items(self, position: Position, faces: Ints) -> Column:
        """Return the discount of every account, then what only some accounts have."""
        shown = position.accounts
        exemption = self.made.accounts.exemption[shown]
        exempt, kinds = np.flatnonzero(exemption > 0), attachments(self.made, position)
        attached = np.flatnonzero(kinds > 0)
        classes = text.pool([f"CLASS {letter}" for letter in EXEMPTIONS])
        return text.chunks(
            [
                text.pick(self._discounts, faces),
                text.pick(self._joints, faces[self._joint[faces] != NO_ONE]),
                self._coded(b"EXM", shown[exempt], text.pick(classes, exemption[exempt])),
                self._coded(
                    b"ATT", shown[attached], text.pick(text.pool(ATTACHMENTS), kinds[attached])
                ),
            ]
        )

    def _coded(self, item: bytes, account: Ints, code: Column) -> Column:
        return line([item, text.pick(self._refs, account), code, b"", b""])

    def _charges(self, rows: BalanceRows) -> Column:
        money = (rows.gross, rows.discount, rows.ctr, rows.due, rows.balance)
        stage = text.pick(text.pool(STAGES), rows.stage)
        refs = text.pick(self._refs, rows.account)
        return line([refs, str(rows.year).encode(), *map(self._money, money), stage])

    def _posted(self, rows: BalanceRows, month: Month) -> list[Column]:
        """Return the transactions of a year of account: brought forward, and of this month.

        Costs stand as two: a third is for the liability order, the rest for the summons.
        """
        nothing = np.zeros_like(rows.costs)
        period = f"{month.first:%Y%m}".encode()
        order = rows.costs // 3
        return [
            self._transactions(rows, *posted)
            for posted in (
                (b"REC", b"BF", rows.paid - rows.paid_month, nothing),
                (b"REC", period, rows.paid_month, rows.paid_month),
                (b"WOF", b"BF", rows.write_off - rows.write_off_month, nothing),
                (b"WOF", period, rows.write_off_month, rows.write_off_month),
                (b"CST", b"SUMMONS", rows.costs - order, nothing),
                (b"CST", b"ORDER", order, nothing),
            )
        ]

    def _transactions(
        self, rows: BalanceRows, kind: bytes, period: bytes, pence: Ints, of_month: Ints
    ) -> Column:
        some = np.flatnonzero(pence)
        refs, year = text.pick(self._refs, rows.account[some]), str(rows.year).encode()
        money = [self._money(pence[some]), self._money(of_month[some])]
        return line([kind, refs, year, period, *money])
