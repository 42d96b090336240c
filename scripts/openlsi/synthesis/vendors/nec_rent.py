"""Rent from the vendor with a load file a table: accounts, tenancies, people, debits, postings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from openlsi.synthesis import text
from openlsi.synthesis.accounts import DECEASED
from openlsi.synthesis.district import MadeDistrict, Position
from openlsi.synthesis.faults import Dialect, Kind, Planted, Table
from openlsi.synthesis.people import NO_ONE
from openlsi.synthesis.plan import OPEN, Bools, Ints, Month
from openlsi.synthesis.rent_books import (
    RentMonth,
    Tenancies,
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

DIALECT = Dialect(",")
DAY = text.Dates("%d-%b-%Y", b"", is_upper=True)
COLUMNS = {
    "revenue_accounts": text.words(
        "LRAC_PAY_REF LRAC_TCY_ALT_REF LRAC_CLASS_CODE LRAC_START_DATE LRAC_UC_MANAGED_IND"
        " LRAC_MARKERS"
    ),
    "account_balances": text.words("LABA_PAY_REF LABA_DATE LABA_BALANCE"),
    "tenancies": text.words(
        "ltcy_alt_ref ltcy_tty_code ltcy_hrv_ttyp_code ltcy_act_start_date ltcy_act_end_date"
        " ltcy_tho_propref1"
    ),
    "people": text.words(
        "LPAR_TCY_ALT_REF LPAR_PER_ALT_REF LPAR_PER_SURNAME LPAR_PER_FORENAME"
        " LPAR_PER_DATE_OF_BIRTH LPAR_PER_NI_NO LPAR_TIN_MAIN_TENANT_IND"
    ),
    "addresses": text.words(
        "LAUS_LEGACY_REF LADR_FLAT LADR_STREET_NUMBER LAEL_STREET LAEL_TOWN LAEL_POSTCODE LADR_UPRN"
    ),
    "debit_breakdowns": text.words(
        "ldbr_pay_ref ldbr_pro_refno ldbr_ele_code ldbr_start_date ldbr_end_date ldbr_att_code"
        " ldbr_ele_value"
    ),
    "transactions": text.words(
        "LTRN_ALT_REF LTRN_PAY_REF LTRN_TRT_CODE LTRN_EFFECTIVE_DATE LTRN_AMOUNT"
    ),
    "arrears_actions": text.words(
        "LACA_REFNO LACA_PAY_REF LACA_TYPE LACA_CREATED_DATE LACA_ARA_CODE LACA_STATUS"
        " LACA_EFFECTIVE_DATE LACA_EXPIRY_DATE LACA_NEXT_ACTION_DATE"
    ),
    "arrangements": text.words(
        "LARG_PAY_REF LARG_REFNO LARG_START_DATE LARG_END_DATE LARG_AMOUNT LARG_FREQ_CODE"
        " LARG_STATUS"
    ),
}
TENANCY_CODES = ["SEC,SECURE", "INT,SECURE", "FLX,SECURE", "TLA,TEMPORARY"]
# In the order of `rent_books.KINDS`.
TRANSACTION_CODES = text.words("DBR DSC RHB RUC RDP RDD RCP DCC WOF REF RIT")
# In the order of `rent_recovery.STAGES`, then the referral for advice.
ACTION_CODES = ["", *text.words("SRA1 TELO NRA2 NOSP CORT SUP CWAL EVIC ADVR")]
FREQUENCIES, AGREEMENT_STATES = ["W", "F", "4W", "M"], ["", "CURR", "BROK", "COMP"]
MARKERS = ["DEC", "BRS", "", "SEN", "OPT", ""]
FAULTS = [
    Kind("account", "missing_required", "rent_account_key", "LRAC_PAY_REF"),
    Kind("account", "duplicate_key", "rent_account_key", "LRAC_PAY_REF", "repeat"),
    Kind(
        "account", "bad_number", "balance_gbp", "LABA_BALANCE",
        value=b"#REF!", table="account_balances",
    ),
    Kind("account", "unknown_code", "tenancy", "ltcy_tty_code", value=b"ZZ9", table="tenancies"),
    Kind(
        "account", "bad_date", "tenancy_start_date", "ltcy_act_start_date",
        value=b"31-FEB-2026", table="tenancies",
    ),
    Kind(
        "account", "end_before_start", "tenancy_end_date", "ltcy_act_end_date",
        value=b"01-JAN-1950", table="tenancies",
    ),
    Kind("account", "missing_lookup", "tenancy", "ltcy_alt_ref", "drop", table="tenancies"),
    Kind("transaction", "missing_required", "rent_account_key", "LTRN_PAY_REF"),
    Kind("transaction", "bad_number", "transaction_gbp", "LTRN_AMOUNT", value=b"N/A"),
    Kind("transaction", "unknown_code", "transaction_kind", "LTRN_TRT_CODE", value=b"XXX"),
    Kind("transaction", "bad_date", "posted_date", "LTRN_EFFECTIVE_DATE", value=b"2026-02-30"),
    Kind("transaction", "duplicate_key", "rent_account_key", "LTRN_PAY_REF", "repeat"),
    Kind("action", "unknown_code", "action_kind", "LACA_ARA_CODE", value=b"ZZZZ"),
    Kind("action", "bad_date", "action_date", "LACA_EFFECTIVE_DATE", value=b"00-JAN-2026"),
    Kind("action", "end_before_start", "expiry_date", "LACA_EXPIRY_DATE", value=b"01-JAN-1950"),
    Kind("agreement", "bad_number", "instalment_gbp", "LARG_AMOUNT", value=b"ten"),
    Kind("agreement", "unknown_code", "agreement_status", "LARG_STATUS", value=b"GONE"),
]  # fmt: skip


def pay_refs(tenancy: Ints) -> Column:
    """Return payment references of ten digits."""
    return text.numbers(2_280_000_000 + tenancy * 13, 10)


def tenant_lines(
    made: MadeDistrict, refs: Column, person: Ints, born: Ints, is_main: bool
) -> Column:
    """Return the line of each tenant of one kind, empty for no one."""
    someone = np.maximum(person, 0)
    line = text.lines(
        [
            refs,
            text.numbers(4_100_000 + someone),
            face.surnames(made, someone, is_upper=True),
            face.forenames(made, someone),
            DAY(born),
            face.ninos(made, someone),
            text.constant(b"Y" if is_main else b"N", len(someone)),
        ],
        b",",
    )
    return text.where(person == NO_ONE, b"", line)


def markers(made: MadeDistrict, t: Tenancies, is_closed: Bools, words: list[str]) -> Column:
    """Return the marks of each account; death is marked when the account closes."""
    marks = made.accounts.markers[t.account].copy()
    marks[:, DECEASED] |= is_closed & made.accounts.ends_deceased[t.account]
    marks = marks[:, [place for place, word in enumerate(words) if word]]
    known = [word for word in words if word]
    every = [
        ";".join(word for place, word in enumerate(known) if code >> place & 1)
        for code in range(1 << len(known))
    ]
    return text.pick(text.pool(every), marks @ (1 << np.arange(len(known))))


class Rent:
    """Writes the nine load files of a district, month by month."""

    faults = FAULTS
    structural_rows = len(COLUMNS)

    def __init__(self, made: MadeDistrict) -> None:
        self.made, self.t = made, draw_tenancies(made)
        self._money = text.plain_money()
        self._months = rent_months(made, self.t)
        every = np.arange(len(self.t))
        self._refs = pay_refs(every)
        self._tenancy_refs = text.numbers(700_000 + every * 3, 8)
        self._property_refs = face.numbered_dwellings(made, self.t.account)
        lead, joint = made.accounts.lead[self.t.account], ever_joint(made, self.t)
        self._tenants = tenant_lines(made, self._tenancy_refs, lead, self.t.birth, is_main=True)
        self._joint = tenant_lines(
            made, self._tenancy_refs, joint, self.t.partner_birth, is_main=False
        )
        self._addresses = self._address_lines()

    def people(self) -> pa.Table:
        """Return who stands in which account."""
        return people_table(self.made, self.t, [str(r, "ascii") for r in self._refs.to_pylist()])

    def _address_lines(self) -> Column:
        made, account = self.made, self.t.account
        flat, number, street = face.address_parts(made, account)
        _, town = face.address_lines(made, account)
        pieces = [self._property_refs, flat, number, street, town]
        return text.lines([*pieces, face.postcodes(made, account), face.uprns(made, account)], b",")

    def write(
        self, position: Position, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month; return the count of each record and the planted faults."""
        month = next(self._months)
        prefix = f"{self.made.district.slug}_NEC_{position.month.first:%Y%m}_"
        lines = {
            **self._standing(month, position.month),
            "transactions": self._transactions(month, position),
            "arrears_actions": self._actions(month),
            "arrangements": self._arrangements(month),
        }
        tables = {
            name: Table(f"{prefix}{name}.csv", COLUMNS[name], lines[name], DIALECT)
            for name in COLUMNS
        }
        driving = {
            "account": "revenue_accounts", "transaction": "transactions",
            "action": "arrears_actions", "agreement": "arrangements",
        }  # fmt: skip
        rows = np.arange(len(month.shown))
        of_account = {"account_balances": rows, "tenancies": rows}
        planted = spoil(
            tables, rent_records(month, driving, of_account, ("LRAC_PAY_REF", "LABA_BALANCE"))
        )
        for table in tables.values():
            header = ",".join(table.columns).encode() + b"\n"
            text.write(folder / table.file_name, [header, table.lines])
        counted = {record: tables[name] for record, name in driving.items()}
        return rent_counts(month, counted, planted), planted

    def _standing(self, month: RentMonth, when: Month) -> dict[str, Column]:
        """Return the tables that describe accounts, homes and people as they stand."""
        made, t, shown = self.made, self.t, month.shown
        end = known_end(t, when)
        refs = text.pick(self._refs, shown)
        tenancy_refs = text.pick(self._tenancy_refs, shown)
        properties = text.pick(self._property_refs, shown)
        marks = text.pick(markers(made, t, end < OPEN, MARKERS), shown)
        managed = text.where(month.is_managed[shown], b"Y", b"N")
        kinds = text.pick(text.pool(TENANCY_CODES), tenancy_kinds(t, when)[shown])
        start, ends = DAY(t.start[shown]), DAY(end[shown])
        joint = text.where(joint_tenants(made, t, when) == NO_ONE, b"", self._joint)
        _, homes = np.unique(made.accounts.dwelling[t.account[shown]], return_index=True)
        rent, service = self._money(month.weekly_rent[shown]), self._money(t.service[shown])
        return {
            "revenue_accounts": text.lines(
                [refs, tenancy_refs, b"REV", start, managed, marks], b","
            ),
            "account_balances": text.lines(
                [refs, DAY(np.full(len(shown), when.end)), self._money(month.balance[shown])], b","
            ),
            "tenancies": text.lines([tenancy_refs, kinds, start, ends, properties], b","),
            "people": text.join([text.pick(self._tenants, shown), text.pick(joint, shown)], b""),
            "addresses": text.pick(self._addresses, shown[homes]),
            "debit_breakdowns": text.join(
                [
                    text.lines([refs, properties, b"DBR", start, ends, b"WK", rent], b","),
                    text.where(
                        t.service[shown] > 0,
                        text.lines([refs, properties, b"DSC", start, ends, b"WK", service], b","),
                        b"",
                    ),
                ],
                b"",
            ),
        }

    def _transactions(self, month: RentMonth, position: Position) -> Column:
        one = month.transactions
        number = (position.index + 10) * 1_000_000 + np.arange(len(one.kind))
        return text.lines(
            [
                text.numbers(number, 9),
                text.pick(self._refs, one.tenancy),
                text.pick(text.pool(TRANSACTION_CODES), one.kind),
                DAY(one.day),
                self._money(one.pence),
            ],
            b",",
        )

    def _actions(self, month: RentMonth) -> Column:
        place, kind = action_rows(month)
        tenancy = month.shown[place]
        day = DAY(month.recovery.day[tenancy])
        codes = text.pick(text.pool(ACTION_CODES), kind)
        expiry = DAY(np.where(kind < len(ACTION_CODES) - 1, month.recovery.expiry[tenancy], OPEN))
        refs = text.pick(self._refs, tenancy)
        numbers = text.numbers(30_000_000 + tenancy * 100 + kind)
        later = text.constant(b"", len(place))
        return text.lines([numbers, refs, b"AREA", day, codes, b"COMP", day, expiry, later], b",")

    def _arrangements(self, month: RentMonth) -> Column:
        a = month.agreements
        some = np.flatnonzero(a.status != NO_AGREEMENT)
        return text.lines(
            [
                text.pick(self._refs, some),
                text.numbers(a.start[some]),
                DAY(a.start[some]),
                DAY(a.end[some]),
                self._money(a.instalment[some]),
                text.pick(text.pool(FREQUENCIES), a.period[some]),
                text.pick(text.pool(AGREEMENT_STATES), a.status[some]),
            ],
            b",",
        )
