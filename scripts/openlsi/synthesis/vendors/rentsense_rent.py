"""Rent from the vendor that forecasts arrears: accounts, tenants, balances, postings, actions.

What is owed stands below nil in this vendor's files, and a charge likewise.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from openlsi.synthesis import text
from openlsi.synthesis.district import MadeDistrict, Position
from openlsi.synthesis.faults import Dialect, Kind, Planted, Table
from openlsi.synthesis.people import NO_ONE
from openlsi.synthesis.plan import OPEN, Ints, Month
from openlsi.synthesis.rent_books import (
    RentMonth,
    draw_tenancies,
    ever_joint,
    joint_tenants,
    known_end,
    rent_months,
    tenancy_kinds,
)
from openlsi.synthesis.rent_recovery import NO_AGREEMENT
from openlsi.synthesis.rent_truth import action_rows, people_table, rent_counts, rent_records
from openlsi.synthesis.text import Column
from openlsi.synthesis.truth import Spoil
from openlsi.synthesis.vendors import columns as face
from openlsi.synthesis.vendors.nec_rent import markers

DIALECT = Dialect(",")
DAY = text.Dates("%Y-%m-%d", b"")
MOMENT = text.Dates("%Y-%m-%d 00:00:00", b"")
COLUMNS = {
    "accounts": text.words(
        "AccountReference TenureType TenureTypeCode TenancyStartDate TenancyEndDate LocalAuthority"
        " PropertyReference UPRN WeeklyRent WeeklyServiceCharge UCManagedPayment Markers"
    ),
    "tenants": text.words(
        "AccountReference TenantSequence TenantFirstName TenantSurName DateOfBirth Address1"
        " Address2 PostCode"
    ),
    "balances": text.words("AccountReference CurrentBalance BalanceDate"),
    "transactions": text.words(
        "AccountReference TransactionID TransactionPostDate TransactionCode TransactionAmount"
        " TransactionDescription"
    ),
    "actions": text.words("AccountReference ActionSeq ActionCode ActionDescription ActionDate"),
    "arrangements": text.words(
        "AccountReference AgreementSequence AgreementStartDate AgreementEndDate AgreementFrequency"
        " InstalmentAmount AgreementState"
    ),
}
TENURES = ["Secure,SEC", "Introductory,INT", "Flexible,FLX", "Temp Hostel,THL"]
# In the order of `rent_books.KINDS`, each with its words.
TRANSACTIONS = [
    ("DBR", "Basic Rent (No VAT)"), ("DSC", "Service Charges"), ("RHB", "Housing Benefit"),
    ("RUC", "Universal Credit Rec"), ("RDP", "Deduction (Work & P)"), ("RDD", "Direct Debit"),
    ("RPY", "PayPoint/Post Office"), ("DCC", "Court Costs"), ("WOF", "Write Off"),
    ("REF", "Tenant Refund"), ("RIT", "Internal Transfer"),
]  # fmt: skip
# In the order of `rent_recovery.STAGES`, then the referral for advice.
ACTIONS = [
    ("", ""), ("S01", "S01 Stage One"), ("OTC", "Outgoing telephone call"),
    ("SLB", "Letter Before Action"), ("NTS", "Notice Served"), ("CDS", "Court date set"),
    ("SPO", "Suspended Possession"), ("WPA", "Warrant of Possession"), ("EVI", "Eviction"),
    ("DEB", "Referred for debt advice"),
]  # fmt: skip
FREQUENCIES = text.words("weekly fortnightly 4-weekly monthly")
AGREEMENT_STATES = ["", "live", "breached", "completed"]
MARKERS = ["deceased", "breathing space", "", "sensitive", "no contact", ""]
FAULTS = [
    Kind("account", "missing_required", "rent_account_key", "AccountReference"),
    Kind("account", "duplicate_key", "rent_account_key", "AccountReference", "repeat"),
    Kind("account", "unknown_code", "tenancy", "TenureTypeCode", value=b"QQ"),
    Kind("account", "bad_date", "tenancy_start_date", "TenancyStartDate", value=b"2026-02-31"),
    Kind("account", "end_before_start", "tenancy_end_date", "TenancyEndDate",
        value=b"1950-01-01 00:00:00"),
    Kind("account", "bad_number", "weekly_rent_gbp", "WeeklyRent", value=b"n/k"),
    Kind(
        "account", "bad_number", "balance_gbp", "CurrentBalance",
        value=b"(120.00)", table="balances",
    ),
    Kind("transaction", "missing_required", "rent_account_key", "AccountReference"),
    Kind("transaction", "bad_number", "transaction_gbp", "TransactionAmount", value=b"#NUM!"),
    Kind("transaction", "unknown_code", "transaction_kind", "TransactionCode", value=b"ZZZ"),
    Kind("transaction", "bad_date", "posted_date", "TransactionPostDate", value=b"31/02/2026"),
    Kind("action", "unknown_code", "action_kind", "ActionCode", value=b"???"),
    Kind("action", "missing_required", "action_date", "ActionDate"),
    Kind("agreement", "bad_number", "instalment_gbp", "InstalmentAmount", value=b"ten"),
    Kind(
        "agreement", "end_before_start", "agreement_to", "AgreementEndDate", value=b"1950-01-01"
    ),
]  # fmt: skip


def account_refs(tenancy: Ints) -> Column:
    """Return account references: a letter and eight digits."""
    return text.join([b"R", text.numbers(20_000_003 + tenancy * 17, 8)], b"")


def _quoted(pieces: Column) -> Column:
    return text.join([b'"', pieces, b'"'], b"")


class Rent:
    """Writes the six files of a district, month by month."""

    faults = FAULTS
    structural_rows = len(COLUMNS)

    def __init__(self, made: MadeDistrict) -> None:
        self.made, self.t = made, draw_tenancies(made)
        self._money = text.plain_money()
        self._months = rent_months(made, self.t)
        self._refs = account_refs(np.arange(len(self.t)))
        lead, joint = made.accounts.lead[self.t.account], ever_joint(made, self.t)
        self._tenants = self._tenant_lines(lead, self.t.birth, b"1")
        self._joint = self._tenant_lines(joint, self.t.partner_birth, b"2")
        account = self.t.account
        self._homes = text.join(
            [
                made.district.name.encode(),
                face.numbered_dwellings(made, account),
                face.uprns(made, account),
            ],
            b",",
        )

    def people(self) -> pa.Table:
        """Return who stands in which account."""
        return people_table(self.made, self.t, [str(r, "ascii") for r in self._refs.to_pylist()])

    def _tenant_lines(self, person: Ints, born: Ints, number: bytes) -> Column:
        made, someone = self.made, np.maximum(person, 0)
        first, second = face.address_lines(made, self.t.account)
        has_flat = made.dwellings.flat[made.accounts.dwelling[self.t.account]] > 0
        line = text.lines(
            [
                self._refs,
                number,
                face.forenames(made, someone),
                face.surnames(made, someone),
                DAY(born),
                text.where(has_flat, _quoted(first), first),
                second,
                face.postcodes(made, self.t.account),
            ],
            b",",
        )
        return text.where(person == NO_ONE, b"", line)

    def write(
        self, position: Position, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month; return the count of each record and the planted faults."""
        month = next(self._months)
        lines = {
            **self._standing(month, position.month),
            "transactions": self._transactions(month, position),
            "actions": self._actions(month),
            "arrangements": self._arrangements(month),
        }
        slug, when = self.made.district.slug, position.month.first
        tables = {
            name: Table(f"{slug}.rent.{name}{when:%Y%m}.csv", COLUMNS[name], lines[name], DIALECT)
            for name in COLUMNS
        }
        driving = {
            "account": "accounts", "transaction": "transactions",
            "action": "actions", "agreement": "arrangements",
        }  # fmt: skip
        of_account = {"balances": np.arange(len(month.shown))}
        planted = spoil(
            tables, rent_records(month, driving, of_account, ("AccountReference", "CurrentBalance"))
        )
        for table in tables.values():
            header = ",".join(table.columns).encode() + b"\n"
            text.write(folder / table.file_name, [header, table.lines])
        counted = {record: tables[name] for record, name in driving.items()}
        return rent_counts(month, counted, planted), planted

    def _standing(self, month: RentMonth, when: Month) -> dict[str, Column]:
        """Return accounts, tenants and balances as they stand."""
        made, t, shown = self.made, self.t, month.shown
        end = known_end(t, when)
        refs = text.pick(self._refs, shown)
        joint = text.where(joint_tenants(made, t, when) == NO_ONE, b"", self._joint)
        return {
            "accounts": text.lines(
                [
                    refs,
                    text.pick(text.pool(TENURES), tenancy_kinds(t, when)[shown]),
                    MOMENT(t.start[shown]),
                    MOMENT(end[shown]),
                    text.pick(self._homes, shown),
                    self._money(month.weekly_rent[shown]),
                    self._money(t.service[shown]),
                    text.where(month.is_managed[shown], b"True", b"False"),
                    text.pick(markers(made, t, end < OPEN, MARKERS), shown),
                ],
                b",",
            ),
            "tenants": text.join([text.pick(self._tenants, shown), text.pick(joint, shown)], b""),
            "balances": text.lines(
                [refs, self._money(-month.balance[shown]), DAY(np.full(len(shown), when.end))], b","
            ),
        }

    def _transactions(self, month: RentMonth, position: Position) -> Column:
        one = month.transactions
        number = (position.index + 10) * 1_000_000 + np.arange(len(one.kind))
        codes = text.pool([code for code, _ in TRANSACTIONS])
        said = text.pool([words for _, words in TRANSACTIONS])
        return text.lines(
            [
                text.pick(self._refs, one.tenancy),
                text.numbers(number),
                MOMENT(one.day),
                text.pick(codes, one.kind),
                self._money(-one.pence),
                text.pick(said, one.kind),
            ],
            b",",
        )

    def _actions(self, month: RentMonth) -> Column:
        place, kind = action_rows(month)
        tenancy = month.shown[place]
        return text.lines(
            [
                text.pick(self._refs, tenancy),
                text.numbers(kind),
                text.pick(text.pool([code for code, _ in ACTIONS]), kind),
                text.pick(text.pool([words for _, words in ACTIONS]), kind),
                DAY(month.recovery.day[tenancy]),
            ],
            b",",
        )

    def _arrangements(self, month: RentMonth) -> Column:
        a = month.agreements
        some = np.flatnonzero(a.status != NO_AGREEMENT)
        return text.lines(
            [
                text.pick(self._refs, some),
                text.numbers(a.start[some]),
                DAY(a.start[some]),
                DAY(a.end[some]),
                text.pick(text.pool(FREQUENCIES), a.period[some]),
                self._money(a.instalment[some]),
                text.pick(text.pool(AGREEMENT_STATES), a.status[some]),
            ],
            b",",
        )
