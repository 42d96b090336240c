"""Council tax from the vendor with table sets: account, occupation, property and notice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from openlsi.synthesis import text
from openlsi.synthesis.accounts import EXEMPTIONS
from openlsi.synthesis.district import BalanceRows, MadeDistrict, Position
from openlsi.synthesis.faults import Kind, Planted, Record
from openlsi.synthesis.people import NO_ONE
from openlsi.synthesis.plan import Ints
from openlsi.synthesis.text import Column
from openlsi.synthesis.truth import (
    Spoil,
    account_count,
    all_balances,
    balance_count,
    spoilt_rows,
)
from openlsi.synthesis.vendors import columns as face
from openlsi.synthesis.vendors.academy_tables import DAY, line, tables_of, write_all, yes

DISCOUNTS = ["", "SPD25", "DIS25", "DIS50", "EMPTY0"]
STAGES = ["00", "10", "20", "30", "40", "50", "60", "70", "80"]
FAULTS = [
    Kind("account", "missing_required", "account_key", "account_ref"),
    Kind("account", "unknown_code", "payment_method", "paymeth_code", value=b"ZZ"),
    Kind("account", "duplicate_key", "account_key", "account_ref", "repeat"),
    Kind(
        "account", "bad_date", "liability_start_date", "occupation_date",
        value=b"2026-02-31", table="ctoccupation",
    ),
    Kind(
        "account", "end_before_start", "liability_end_date", "vacation_date",
        value=b"1950-01-01", table="ctoccupation",
    ),
    Kind("account", "unknown_code", "band", "band", value=b"J", table="ctproperty"),
    Kind("account", "missing_lookup", "account_key", "account_ref", "drop", table="ctoccupation"),
    Kind("account", "missing_lookup", "property_key", "property_ref", "drop", table="ctproperty"),
    Kind("balance", "missing_required", "account_key", "account_ref"),
    Kind("balance", "bad_number", "receipts_gbp", "amt_receipts", value=b"N/A"),
    Kind("balance", "bad_number", "balance_gbp", "notice_balance", value=b"#REF!"),
    Kind("balance", "unknown_code", "recovery_stage", "recovery_code", value=b"99"),
    Kind("balance", "duplicate_key", "account_key", "account_ref", "repeat"),
    Kind("balance", "does_not_add", "balance_gbp", "notice_balance", "shift"),
]  # fmt: skip


def _full_name(made: MadeDistrict, person: Ints) -> Column:
    """Return "SURNAME, FORENAME" quoted for its comma, empty for no one."""
    surname = face.surnames(made, person, is_upper=True)
    forename = face.forenames(made, person, is_upper=True, has_initials=True)
    name = text.join([b'"', surname, b", ", forename, b'"'], b"")
    return text.where(person == NO_ONE, b"", name)


class CouncilTax:
    """Writes the four council tax tables of a district, month by month."""

    faults = FAULTS
    structural_rows = 4

    def __init__(self, made: MadeDistrict) -> None:
        self.made = made
        self._money = text.plain_money()
        faces, a = face.Faces.of(made), made.accounts
        account, lead = faces.account, a.lead[faces.account]
        refs = face.account_refs(made, account)
        titles = np.where(made.people.is_female[lead], 1 + lead % 3, np.where(lead % 60 == 9, 4, 0))
        self._accounts = line(
            [
                refs,
                text.pick(text.pool(list("ABCDEFGHJKLMNPQRTUVWXYZ")), account * 7 % 23),
                text.pick(text.pool(["MR", "MRS", "MS", "MISS", "DR"]), titles),
                _full_name(made, lead),
                _full_name(made, faces.joint(made)),
                text.pick(text.pool(["DD", "SO", "CASH", "EMP"]), a.payment_method[account]),
                *[yes(marks > 0) for marks in faces.markers(made).T],
            ]
        )
        self._occupations = line(
            [
                refs,
                face.property_refs(made, account),
                DAY(a.start[account]),
                DAY(faces.end(made)),
                text.where(faces.is_closed, b"0", b"1"),
                text.pick(text.pool(DISCOUNTS), faces.discount(made)),
                text.pick(text.pool(EXEMPTIONS), a.exemption[account]),
                yes(a.charge_band[account] <= a.band[account]),
            ]
        )
        every = np.arange(len(a))
        first, second = face.address_lines(made, every)
        has_flat = made.dwellings.flat[a.dwelling] > 0
        self._properties = line(
            [
                face.property_refs(made, every),
                face.uprns(made, every, 12),
                text.pick(text.pool(list("ABCDEFGH")), a.band),
                text.where(has_flat, text.join([b'"', first, b'"'], b""), first),
                second,
                face.postcodes(made, every),
            ]
        )
        self._refs = face.account_refs(made, every)

    def write(
        self, position: Position, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month; return the count of each record and the planted faults."""
        shown, prefix = position.accounts, f"{self.made.district.slug}_ctax_"
        faces = face.face_rows(self.made, position)
        _, first, place, uses = np.unique(
            self.made.accounts.dwelling[shown],
            return_index=True, return_inverse=True, return_counts=True,
        )  # fmt: skip
        pence = all_balances(position.balances)
        tables = tables_of(
            f"{prefix}{position.month.first:%Y%m}_",
            {
                "ctaccount": text.pick(self._accounts, faces),
                "ctoccupation": text.pick(self._occupations, faces),
                "ctproperty": text.pick(self._properties, shown[first]),
                "ctnotice": text.chunks([self._notices(rows) for rows in position.balances]),
            },
        )
        rows = np.arange(len(shown))
        records = {
            "account": Record(
                "ctaccount",
                # A property that two accounts share would spoil both.
                np.flatnonzero(uses[place] == 1),
                lines={"ctoccupation": rows, "ctproperty": place},
            ),
            "balance": Record("ctnotice", np.arange(len(pence)), pence, {"notice_balance": pence}),
        }
        planted = spoil(tables, records)
        write_all(folder, tables)
        notices, accounts = tables["ctnotice"], tables["ctaccount"]
        of_balances = len([p for p in planted if p.kind.record == "balance"])
        spoilt = spoilt_rows(planted, "balance")
        return [
            account_count(accounts.file_name, len(shown), planted, accounts),
            balance_count(notices.file_name, position, spoilt, len(notices.lines), of_balances),
        ], planted

    def _notices(self, rows: BalanceRows) -> Column:
        money = (
            rows.gross, rows.discount, rows.ctr, rows.costs, rows.paid, rows.paid_month,
            rows.write_off, rows.write_off_month, rows.due, rows.balance,
        )  # fmt: skip
        refs = text.pick(self._refs, rows.account)
        stage = text.pick(text.pool(STAGES), rows.stage)
        return line([refs, str(rows.year).encode(), *map(self._money, money), stage])
