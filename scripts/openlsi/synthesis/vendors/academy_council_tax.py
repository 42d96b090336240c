"""Council tax in Academy tables: account, people, occupation, property, notices, two of our own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from openlsi.synthesis import text
from openlsi.synthesis.accounts import EXEMPTIONS
from openlsi.synthesis.attachments import attachments
from openlsi.synthesis.circumstances import OWNER
from openlsi.synthesis.counts import account_count, all_balances, balance_count
from openlsi.synthesis.district import BalanceRows, MadeDistrict, Position
from openlsi.synthesis.faults import Kind, Planted, Record
from openlsi.synthesis.people import NO_ONE
from openlsi.synthesis.plan import Ints
from openlsi.synthesis.text import Column
from openlsi.synthesis.truth import Spoil, spoilt_rows
from openlsi.synthesis.vendors import columns as face
from openlsi.synthesis.vendors.academy_notices import Notices, notices_of, whole_years
from openlsi.synthesis.vendors.academy_tables import DIALECT, MOMENT, line
from openlsi.synthesis.vendors.table_sets import tables_of, write_all, yes

COLUMNS = {
    "ctaccount": text.words(
        "account_ref account_cd lead_liab_pos lead_liab_title lead_liab_forename "
        "lead_liab_surname paymeth_code",
    ),
    "ctliab_person": text.words("account_ref liab_pos liab_pers_occ liab_name"),
    "ctoccupation": text.words("account_ref property_ref occupation_date vacation_date live_ind"),
    "ctproperty": text.words("property_ref uprn band_010493 addr1 addr2 postcode"),
    "ctnotice": text.words(
        "account_ref notice_type notice_from amt_benefit amt_costs amt_debit amt_write_off "
        "notice_balance",
    ),
    "extra_ctaccount": text.words(
        "account_ref disc_code exempt_class dis_band_ind attach_code deceased_ind "
        "breathing_space_ind insolvency_ind sensitive_ind contact_optout_ind anon_elector_ind",
    ),
    "extra_ctyear": text.words(
        "account_ref ct_year notices amt_discount amt_receipts amt_receipts_mth amt_write_off_mth "
        "inst_due recovery_code",
    ),
}
JOINTLY_LIABLE, NOT_LIABLE = b"12", b"0"
TENANT, OWNER_OCCUPIER = b"4", b"7"
DISCOUNTS = ["", "SPD25", "DIS25", "DIS50", "EMPTY0"]
ATTACHMENTS = ["", "AE", "AB"]
STAGES = ["00", "10", "20", "30", "40", "50", "60", "70", "80"]
FAULTS = [
    Kind("account", "missing_required", "account_key", "account_ref"),
    Kind("account", "unknown_code", "payment_method", "paymeth_code", value=b"ZZ"),
    Kind("account", "duplicate_key", "account_key", "account_ref", "repeat"),
    Kind(
        "account", "bad_date", "liability_start_date", "occupation_date",
        value=b"2026-02-31 00:00:00", table="ctoccupation",
    ),
    Kind(
        "account", "end_before_start", "liability_end_date", "vacation_date",
        value=b"1950-01-01 00:00:00", table="ctoccupation",
    ),
    Kind("account", "unknown_code", "band", "band_010493", value=b"J", table="ctproperty"),
    Kind(
        "account", "unknown_code", "attachment_kind", "attach_code",
        value=b"XX", table="extra_ctaccount",
    ),
    Kind("account", "missing_lookup", "account_key", "account_ref", "drop", table="ctoccupation"),
    Kind("account", "missing_lookup", "property_key", "property_ref", "drop", table="ctproperty"),
    Kind("balance", "missing_required", "balance_gbp", "notice_balance", table="ctnotice"),
    Kind(
        "balance", "bad_number", "balance_gbp", "notice_balance",
        value=b"#REF!", table="ctnotice",
    ),
    Kind(
        "balance", "does_not_add", "balance_gbp", "amt_write_off",
        value=b"7.77", table="ctnotice",
    ),
    Kind("balance", "missing_lookup", "account_key", "account_ref", "repeat", table="ctnotice"),
    Kind(
        "balance", "bad_number", "receipts_gbp", "amt_receipts", value=b"N/A", table="extra_ctyear"
    ),
    Kind(
        "balance", "unknown_code", "recovery_stage", "recovery_code",
        value=b"99", table="extra_ctyear",
    ),
    Kind("balance", "missing_lookup", "account_key", "account_ref", "drop", table="extra_ctyear"),
]  # fmt: skip


class CouncilTax:
    """Writes the council tax tables of a district, month by month."""

    faults = FAULTS
    structural_rows = len(COLUMNS)

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
                text.where(_owns(made)[account], OWNER_OCCUPIER, TENANT),
                text.pick(text.pool(["MR", "MRS", "MS", "MISS", "DR"]), titles),
                face.forenames(made, lead, is_upper=True, has_initials=True),
                face.surnames(made, lead, is_upper=True),
                text.pick(text.pool(["DD", "SO", "CASH", "AB"]), a.payment_method[account]),
            ]
        )
        self._other_people = self._people(faces, refs)
        self._occupations = line(
            [
                refs,
                face.property_refs(made, account),
                MOMENT(a.start[account]),
                MOMENT(faces.end(made)),
                text.where(faces.is_closed, b"0", b"1"),
            ]
        )
        self._reliefs = text.join(
            [
                refs,
                text.pick(text.pool(DISCOUNTS), faces.discount(made)),
                text.pick(text.pool(EXEMPTIONS), a.exemption[account]),
                yes(a.charge_band[account] <= a.band[account]),
            ],
            b",",
        )
        self._markers = text.join([yes(marks > 0) for marks in faces.markers(made).T], b",")
        every = np.arange(len(a))
        self._properties = self._places(every)
        self._refs = face.account_refs(made, every)

    def _people(self, faces: face.Faces, refs: Column) -> Column:
        """Return who else is or was liable, a line an account; no one is an empty text."""
        joint, before = faces.joint(self.made), self.made.accounts.joint[faces.account]
        person = np.where(joint == NO_ONE, before, joint)
        surname = face.surnames(self.made, person, is_upper=True)
        forename = face.forenames(self.made, person, is_upper=True, has_initials=True)
        position = text.where(joint == NO_ONE, NOT_LIABLE, JOINTLY_LIABLE)
        name = text.join([b'"', surname, b", ", forename, b'"'], b"")
        return text.where(person == NO_ONE, b"", line([refs, position, b"1", name]))

    def _places(self, account: Ints) -> Column:
        first, second = face.address_lines(self.made, account)
        has_flat = self.made.dwellings.flat[self.made.accounts.dwelling[account]] > 0
        return line(
            [
                face.property_refs(self.made, account),
                face.uprns(self.made, account, 12),
                text.pick(text.pool(list("ABCDEFGH")), self.made.accounts.band[account]),
                text.where(has_flat, text.join([b'"', first, b'"'], b""), first),
                second,
                face.postcodes(self.made, account),
            ]
        )

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
        notices = notices_of(position.balances, self.made.accounts.start)
        attached = text.pick(text.pool(ATTACHMENTS), attachments(self.made, position))
        reliefs = [text.pick(self._reliefs, faces), attached, text.pick(self._markers, faces)]
        tables = tables_of(
            f"{self.made.district.slug}_ctax_{month.first:%Y%m}_{{table}}.csv",
            COLUMNS,
            {
                "ctaccount": text.pick(self._accounts, faces),
                "ctliab_person": text.pick(self._other_people, faces),
                "ctoccupation": text.pick(self._occupations, faces),
                "ctproperty": text.pick(self._properties, shown[first]),
                "ctnotice": self._notices(notices),
                "extra_ctaccount": line(reliefs),
                "extra_ctyear": self._years(position.balances, notices),
            },
            DIALECT,
        )
        pence, rows = all_balances(position.balances), np.arange(len(shown))
        years = np.arange(len(pence))
        records = {
            "account": Record(
                "ctaccount",
                # A property that two accounts share would spoil both.
                np.flatnonzero(uses[place] == 1),
                lines={"ctoccupation": rows, "ctproperty": place, "extra_ctaccount": rows},
            ),
            "balance": Record(
                "ctnotice",
                years,
                pence,
                {"notice_balance": pence},
                # The last notice of a year: what is wrong with it is wrong with all of them.
                lines={
                    "ctnotice": np.searchsorted(notices.owner, years, side="right") - 1,
                    "extra_ctyear": years,
                },
            ),
        }
        planted = whole_years(spoil(tables, records), notices, pence, tables["ctnotice"])
        write_all(folder, tables)
        accounts, table = tables["ctaccount"], tables["ctnotice"]
        of_balances = [p for p in planted if p.kind.record == "balance"]
        spoilt = spoilt_rows(planted, "balance")
        return [
            account_count(self.made, position, planted, accounts, says_attachment=True),
            # A year of account stands for its notices, which are more.
            balance_count(
                table.file_name,
                position,
                spoilt,
                len(pence) - len(spoilt) + len(of_balances),
                len(of_balances),
            ),
        ], planted

    def _notices(self, notices: Notices) -> Column:
        money = (
            notices.benefit, notices.costs, notices.debit, notices.write_off, notices.balance
        )  # fmt: skip
        return line(
            [
                text.pick(self._refs, notices.account),
                text.numbers(notices.kind),
                MOMENT(notices.notice_from),
                *map(self._money, money),
            ]
        )

    def _years(self, balances: list[BalanceRows], notices: Notices) -> Column:
        counts = text.numbers(np.bincount(notices.owner))
        lines, first = [], 0
        for rows in balances:
            count = len(rows.account)
            money = (rows.discount, rows.paid, rows.paid_month, rows.write_off_month, rows.due)
            pieces = [text.pick(self._refs, rows.account), str(rows.year).encode()]
            pieces += [counts[first : first + count], *map(self._money, money)]
            lines.append(line([*pieces, text.pick(text.pool(STAGES), rows.stage)]))
            first += count
        return text.chunks(lines)


def _owns(made: MadeDistrict) -> np.ndarray:
    """Return whether each account's lead person owns the home."""
    household = np.maximum(made.accounts.household, 0)
    if not len(made.other_tenants.tenure):
        return np.asarray(made.circumstances.tenure[household] == OWNER)
    other = np.maximum(np.arange(len(made.accounts)) - made.cts_accounts, 0)
    tenure = np.where(
        made.accounts.household >= 0,
        made.circumstances.tenure[household],
        made.other_tenants.tenure[other],
    )
    return np.asarray(tenure == OWNER)
