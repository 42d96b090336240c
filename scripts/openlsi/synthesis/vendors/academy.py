"""The vendor with table sets: four CSV files a feed, lower-case headers, ISO dates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from openlsi.synthesis import text
from openlsi.synthesis.accounts import EXEMPTIONS
from openlsi.synthesis.district import BalanceRows, MadeDistrict, Position
from openlsi.synthesis.faults import Dialect, Kind, Planted, Record, Table
from openlsi.synthesis.people import NO_ONE
from openlsi.synthesis.plan import OPEN, Ints
from openlsi.synthesis.text import Column
from openlsi.synthesis.truth import (
    Spoil,
    account_count,
    all_balances,
    award_count,
    balance_count,
    spoilt_rows,
)
from openlsi.synthesis.vendors import columns as face

DIALECT = Dialect(",")
DAY = text.Dates("%Y-%m-%d")
DISCOUNTS = ["", "SPD25", "DIS25", "DIS50", "EMPTY0"]
STAGES = ["00", "10", "20", "30", "40", "50", "60", "70", "80"]
COLUMNS = {
    "ctaccount": ["account_ref", "account_cd", "lead_liab_title", "lead_liab_name", "joint_liab_name", "paymeth_code", "deceased_ind", "breathing_space_ind", "insolvency_ind", "sensitive_ind", "contact_optout_ind", "anon_elector_ind"],
    "ctoccupation": ["account_ref", "property_ref", "occupation_date", "vacation_date", "live_ind", "disc_code", "exempt_class", "dis_band_ind"],
    "ctproperty": ["property_ref", "uprn", "band", "addr1", "addr2", "postcode"],
    "ctnotice": ["account_ref", "ct_year", "amt_debit", "amt_discount", "amt_benefit", "amt_costs", "amt_receipts", "amt_receipts_mth", "amt_write_off", "amt_write_off_mth", "inst_due", "notice_balance", "recovery_code"],
    "hbclaim": ["claim_id", "check_digit", "status_ind", "age_group_ind", "uc_ind", "passport_ind", "dep_children", "non_deps"],
    "hbctaxclaim": ["claim_id", "ctax_ref"],
    "hbmember": ["claim_id", "member_id", "type", "surname", "forename", "birth_date", "nino", "gender"],
    "hbctaxass": ["claim_id", "from_date", "to_date", "weekly_liab", "weekly_income", "weekly_award", "posted_mth", "adj_prior"],
}
COUNCIL_TAX_FAULTS = [
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
CTS_FAULTS = [
    Kind("award", "missing_required", "award_from", "from_date"),
    Kind("award", "bad_date", "award_from", "from_date", value=b"2026-02-31"),
    Kind("award", "bad_number", "weekly_award_gbp", "weekly_award", value=b"#REF!"),
    Kind("award", "bad_number", "weekly_council_tax_gbp", "weekly_liab", value=b"N/A"),
    Kind("award", "duplicate_key", "claim_key", "claim_id", "repeat"),
    Kind("award", "end_before_start", "award_to", "to_date", value=b"1950-01-01"),
    Kind("award", "unknown_code", "award_status", "status_ind", value=b"7", table="hbclaim"),
    Kind("award", "missing_lookup", "account_key", "claim_id", "drop", table="hbctaxclaim"),
]


def claim_refs(claim: Ints) -> Column:
    """Return claim numbers of seven digits."""
    return text.numbers(face.claim_numbers(claim), 7)


def _line(pieces: list[Column | bytes]) -> Column:
    return text.join([text.join(pieces, b","), b"\n"], b"")


def _full_name(made: MadeDistrict, person: Ints) -> Column:
    """Return "SURNAME, FORENAME" quoted for its comma, empty for no one."""
    surname = face.surnames(made, person, is_upper=True)
    forename = face.forenames(made, person, is_upper=True, has_initials=True)
    name = text.join([b'"', surname, b", ", forename, b'"'], b"")
    return text.where(person == NO_ONE, b"", name)


def _yes(flags: np.ndarray) -> Column:
    return text.where(flags, b"Y", b"N")


class CouncilTax:
    """Writes the four council tax tables of a district, month by month."""

    faults = COUNCIL_TAX_FAULTS

    def __init__(self, made: MadeDistrict) -> None:
        self.made = made
        self._money = text.plain_money()
        faces, a = face.Faces.of(made), made.accounts
        account, lead = faces.account, a.lead[faces.account]
        refs = face.account_refs(made, account)
        titles = np.where(made.people.is_female[lead], 1 + lead % 3, np.where(lead % 60 == 9, 4, 0))
        self._accounts = _line(
            [
                refs,
                text.pick(text.pool(list("ABCDEFGHJKLMNPQRTUVWXYZ")), account * 7 % 23),
                text.pick(text.pool(["MR", "MRS", "MS", "MISS", "DR"]), titles),
                _full_name(made, lead),
                _full_name(made, faces.joint(made)),
                text.pick(text.pool(["DD", "SO", "CASH", "EMP"]), a.payment_method[account]),
                *[_yes(marks > 0) for marks in faces.markers(made).T],
            ]
        )
        self._occupations = _line(
            [
                refs,
                face.property_refs(made, account),
                DAY(a.start[account]),
                DAY(faces.end(made)),
                text.where(faces.is_closed, b"0", b"1"),
                text.pick(text.pool(DISCOUNTS), faces.discount(made)),
                text.pick(text.pool(EXEMPTIONS), a.exemption[account]),
                _yes(a.charge_band[account] <= a.band[account]),
            ]
        )
        every = np.arange(len(a))
        first, second = face.address_lines(made, every)
        has_flat = made.dwellings.flat[a.dwelling] > 0
        self._properties = _line(
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
        tables = _tables(
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
        _write_all(folder, tables)
        notices, accounts = tables["ctnotice"], tables["ctaccount"]
        of_balances = len([p for p in planted if p.kind.record == "balance"])
        spoilt = spoilt_rows(planted, "balance")
        return [
            account_count(accounts.file_name, len(shown), planted, accounts),
            balance_count(notices.file_name, pence, spoilt, len(notices.lines), of_balances),
        ], planted

    def _notices(self, rows: BalanceRows) -> Column:
        money = (
            rows.gross, rows.discount, rows.ctr, rows.costs, rows.paid, rows.paid_month,
            rows.write_off, rows.write_off_month, rows.due, rows.balance,
        )  # fmt: skip
        refs = text.pick(self._refs, rows.account)
        stage = text.pick(text.pool(STAGES), rows.stage)
        return _line([refs, str(rows.year).encode(), *map(self._money, money), stage])


class Cts:
    """Writes the four CTS tables of a district, month by month."""

    faults = CTS_FAULTS

    def __init__(self, made: MadeDistrict) -> None:
        self.made = made
        self._money = text.plain_money()
        faces, s, h = face.ClaimFaces.of(made), made.segments, made.households
        persons = [(faces.claimant, b"1", b"CL"), (faces.partner, b"2", b"PA")]
        lines = [self._members(faces.claim, *who) for who in persons]
        self._people = text.join(
            [lines[0], text.where(faces.partner == NO_ONE, b"", lines[1])], b""
        )
        self._claims = claim_refs(np.arange(len(h)))
        self._claim_heads = text.join(
            [self._claims, text.numbers(face.claim_numbers(np.arange(len(h))) % 97 % 10)], b","
        )
        self._claim_tails = text.join(
            [
                text.where(s.is_pension, b"P", b"W"),
                _yes(s.is_on_uc),
                _yes(h.is_passported[s.claim]),
                text.numbers(h.dependants[s.claim]),
                text.numbers(h.non_dependants[s.claim]),
            ],
            b",",
        )
        self._account_refs = face.account_refs(made, np.arange(len(made.accounts)))
        self._heads = text.join([claim_refs(s.claim), DAY(s.start)], b",")
        incomes = text.where(s.weekly_income < 0, b"", self._money(s.weekly_income))
        self._middles = text.join([self._money(s.weekly_charge), incomes], b",")

    def _members(self, claim: Ints, person: Ints, number: bytes, kind: bytes) -> Column:
        made, someone = self.made, np.maximum(person, 0)
        return _line(
            [
                claim_refs(claim),
                number,
                kind,
                face.surnames(made, person, is_upper=True),
                face.forenames(made, person, is_upper=True),
                DAY(made.people.birth[someone]),
                face.ninos(made, person),
                text.where(made.people.is_female[someone], b"2", b"1"),
            ]
        )

    def write(
        self, position: Position, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month; return the count and the planted faults."""
        awards, made = position.awards, self.made
        last = np.flatnonzero(awards.is_last_row)
        claim, segment = awards.claim[last], awards.segment[last]
        status = text.numbers(awards.status[last])
        tables = _tables(
            f"{made.district.slug}_cts_{position.month.first:%Y%m}_",
            {
                "hbclaim": _line(
                    [
                        text.pick(self._claim_heads, claim),
                        status,
                        text.pick(self._claim_tails, segment),
                    ]
                ),
                "hbctaxclaim": _line(
                    [
                        text.pick(self._claims, claim),
                        text.pick(self._account_refs, awards.account[last]),
                    ]
                ),
                "hbmember": text.pick(
                    self._people, face.claim_face_rows(made, claim, position.month)
                ),
                "hbctaxass": self._assessments(position),
            },
        )
        pence = awards.weekly_award
        of_claim = np.cumsum(awards.is_last_row) - awards.is_last_row
        record = Record(
            "hbctaxass",
            np.flatnonzero(awards.is_only_row),
            pence,
            {"weekly_award": pence},
            lines={"hbclaim": of_claim, "hbctaxclaim": of_claim},
        )
        planted = spoil(tables, {"award": record})
        _write_all(folder, tables)
        table = tables["hbctaxass"]
        return [award_count(table.file_name, awards, planted, table)], planted

    def _assessments(self, position: Position) -> Column:
        awards = position.awards
        return _line(
            [
                text.pick(self._heads, awards.segment),
                DAY(np.minimum(awards.end, OPEN)),
                text.pick(self._middles, awards.segment),
                self._money(awards.weekly_award),
                self._money(awards.posted),
                self._money(awards.adjustment),
            ]
        )


def _tables(prefix: str, lines: dict[str, Column]) -> dict[str, Table]:
    return {
        name: Table(f"{prefix}{name}.csv", COLUMNS[name], rows, DIALECT)
        for name, rows in lines.items()
    }


def _write_all(folder: Path, tables: dict[str, Table]) -> None:
    for table in tables.values():
        header = ",".join(table.columns).encode() + b"\n"
        text.write(folder / table.file_name, [header, table.lines])
