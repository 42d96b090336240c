"""The Civica-like vendor: title line, every value quoted, semicolons, 01-Apr-2026, a total row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from openlsi.synthesis import text
from openlsi.synthesis.accounts import EXEMPTIONS
from openlsi.synthesis.attachments import attachments
from openlsi.synthesis.counts import account_count, all_balances, award_count, balance_count
from openlsi.synthesis.district import BalanceRows, MadeDistrict, Position
from openlsi.synthesis.faults import Dialect, Kind, Planted, Record, Table
from openlsi.synthesis.people import NO_ONE
from openlsi.synthesis.plan import OPEN, Ints, year_label
from openlsi.synthesis.text import Column
from openlsi.synthesis.truth import Spoil, spoilt_rows
from openlsi.synthesis.vendors import columns as face

DIALECT = Dialect(";", quotes_all=True)
DAY = text.Dates("%d-%b-%Y", open_day=b"")
# A title and a header above the rows, a total below them.
FRAMING_ROWS, FIRST_ROW = 3, 3
ACCOUNT_COLUMNS = text.words(
    "Row,Account Number,Property Number,UPRN,Liable Party,Joint Party,Address,Postcode,Band,"
    "Disabled Reduction,Liable From,Liable To,Discount,Exemption,Payment Method,Indicators,"
    "Attachment",
    separator=",",
)
BALANCE_COLUMNS = text.words(
    "Row,Account Number,Year,Charge,Discounts,CTR,Costs,Receipts,Receipts This Month,"
    "Write Offs,Write Offs This Month,Due To Date,Balance,Recovery Stage",
    separator=",",
)
AWARD_COLUMNS = text.words(
    "Row,Claim Number,Account Number,Claimant,Claimant DOB,Claimant NINO,Partner,Partner DOB,"
    "Partner NINO,Age Group,UC,Passported,Children,Non Dependants,Weekly Charge,Weekly Income,"
    "Weekly CTR,From,To,Status,Credited This Month,Prior Adjustment",
    separator=",",
)
DISCOUNTS = ["", "SPD", "DISR1", "DISR2", "EMPTY"]
METHODS = ["DDEBIT", "SORDER", "CASH", "ATTACH"]
ATTACHMENTS = ["", "AOE", "AOB"]
STAGES = ["", "REM1", "REMF", "SUMM", "LORD", "BAIL", "ATTA", "ARRG", "CHGO"]
INDICATORS = ["DECD", "BRSP", "INSV", "SENS", "OPTO", "ANEL"]
STATUSES = {1: "LIVE", 2: "SUSP", 9: "ENDED"}
COUNCIL_TAX_FAULTS = [
    Kind("account", "missing_required", "account_key", "Account Number"),
    Kind("account", "bad_date", "liability_start_date", "Liable From", value=b"31-Feb-2026"),
    Kind("account", "unknown_code", "band", "Band", value=b"J"),
    Kind("account", "unknown_code", "exemption_class", "Exemption", value=b"EXEMPT"),
    Kind("account", "unknown_code", "attachment_kind", "Attachment", value=b"WAGES"),
    Kind("account", "duplicate_key", "account_key", "Account Number", "repeat"),
    Kind("account", "end_before_start", "liability_end_date", "Liable To", value=b"01-Jan-1950"),
    Kind("account", "field_count", "", "Address", "extra"),
    Kind("balance", "missing_required", "account_key", "Account Number"),
    Kind("balance", "bad_number", "costs_gbp", "Costs", value=b"N/A"),
    Kind("balance", "bad_number", "balance_gbp", "Balance", value=b"#REF!"),
    Kind("balance", "unknown_code", "recovery_stage", "Recovery Stage", value=b"LEGAL"),
    Kind("balance", "duplicate_key", "account_key", "Account Number", "repeat"),
    Kind("balance", "does_not_add", "balance_gbp", "Balance", "shift"),
    Kind("balance", "field_count", "", "Recovery Stage", "short"),
]
CTS_FAULTS = [
    Kind("award", "missing_required", "claim_key", "Claim Number"),
    Kind("award", "bad_date", "award_from", "From", value=b"31-Feb-2026"),
    Kind("award", "bad_number", "weekly_award_gbp", "Weekly CTR", value=b"#REF!"),
    Kind("award", "bad_number", "weekly_council_tax_gbp", "Weekly Charge", value=b"N/A"),
    Kind("award", "unknown_code", "award_status", "Status", value=b"PEND"),
    Kind("award", "duplicate_key", "claim_key", "Claim Number", "repeat"),
    Kind("award", "end_before_start", "award_to", "To", value=b"01-Jan-1950"),
    Kind("award", "field_count", "", "Status", "extra"),
]


def claim_refs(claim: Ints) -> Column:
    """Return claim numbers such as C1000003."""
    return text.join([b"C", text.numbers(face.claim_numbers(claim))], b"")


def _joined(pieces: list[Column | bytes]) -> Column:
    """Return values with the marks between them, but not yet those at a line's two ends."""
    return text.join(pieces, b'";"')


def _line(pieces: list[Column | bytes]) -> Column:
    return text.lines([b'"D', *pieces], b'";"', b'"\n')


def _party(made: MadeDistrict, person: Ints, has_initials: bool) -> Column:
    """Return "SURNAME/Forename", empty for no one."""
    names = [
        face.surnames(made, person, is_upper=True),
        face.forenames(made, person, has_initials=has_initials),
    ]
    return text.where(person == NO_ONE, b"", text.join(names, b"/"))


def _write(path: Path, title: str, table: Table) -> None:
    """Write the title, the header, the rows, and how many rows that is."""
    head = f'"{title} (made-up data)"\n' + ";".join(f'"{name}"' for name in table.columns) + "\n"
    total = f'"TOTAL";"{len(table.lines)}"\n'
    text.write(path, [head.encode(), table.lines, total.encode()])


class CouncilTax:
    """Writes the accounts and the balances of a district, month by month."""

    faults = COUNCIL_TAX_FAULTS
    structural_rows = 2 * FRAMING_ROWS

    def __init__(self, made: MadeDistrict) -> None:
        self.made = made
        self._money = text.grouped_money()
        faces, a = face.Faces.of(made), made.accounts
        account = faces.account
        classes = ["", *(f"EX-{letter}" for letter in EXEMPTIONS[1:])]
        self._faces = _joined(
            [
                face.account_refs(made, account),
                face.property_refs(made, account),
                face.uprns(made, account),
                _party(made, a.lead[account], has_initials=True),
                _party(made, faces.joint(made), has_initials=True),
                text.join([*face.address_lines(made, account)], b", "),
                face.postcodes(made, account),
                text.pick(text.pool(list("ABCDEFGH")), a.band[account]),
                text.where(a.charge_band[account] <= a.band[account], b"Y", b"N"),
                DAY(a.start[account]),
                DAY(faces.end(made)),
                text.pick(text.pool(DISCOUNTS), faces.discount(made)),
                text.pick(text.pool(classes), a.exemption[account]),
                text.pick(text.pool(METHODS), a.payment_method[account]),
                face.marker_words(made, faces, INDICATORS, ","),
            ]
        )
        self._refs = face.account_refs(made, np.arange(len(a)))

    def write(
        self, position: Position, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month; return the count of each record and the planted faults."""
        slug, month = self.made.district.slug, position.month
        faces = text.pick(self._faces, face.face_rows(self.made, position))
        attached = text.pick(text.pool(ATTACHMENTS), attachments(self.made, position))
        pence = all_balances(position.balances)
        lines = {
            "accounts": (ACCOUNT_COLUMNS, _line([faces, attached])),
            "balances": (
                BALANCE_COLUMNS,
                text.chunks([self._balances(rows) for rows in position.balances]),
            ),
        }
        tables = {
            name: Table(
                f"CTAX_{name.upper()}_{slug}_{month.first:%Y%m}.csv", columns, rows, DIALECT,
                FIRST_ROW,
            )
            for name, (columns, rows) in lines.items()
        }  # fmt: skip
        records = {
            "account": Record("accounts", np.arange(len(position.accounts))),
            "balance": Record("balances", np.arange(len(pence)), pence, {"Balance": pence}),
        }
        planted = spoil(tables, records)
        for name, table in tables.items():
            _write(folder / table.file_name, f"Council tax {name} {month.first:%B %Y}", table)
        accounts, balances = tables["accounts"], tables["balances"]
        of_balances = len([p for p in planted if p.kind.record == "balance"])
        spoilt = spoilt_rows(planted, "balance")
        return [
            account_count(self.made, position, planted, accounts, says_attachment=True),
            balance_count(balances.file_name, position, spoilt, len(balances.lines), of_balances),
        ], planted

    def _balances(self, rows: BalanceRows) -> Column:
        money = (
            rows.gross, rows.discount, rows.ctr, rows.costs, rows.paid, rows.paid_month,
            rows.write_off, rows.write_off_month, rows.due, rows.balance,
        )  # fmt: skip
        refs = text.pick(self._refs, rows.account)
        stage = text.pick(text.pool(STAGES), rows.stage)
        return _line([refs, year_label(rows.year, "/").encode(), *map(self._money, money), stage])


class Cts:
    """Writes the awards of a district, month by month."""

    faults = CTS_FAULTS
    structural_rows = FRAMING_ROWS

    def __init__(self, made: MadeDistrict) -> None:
        self.made = made
        self._money = text.grouped_money()
        faces, s, h = face.ClaimFaces.of(made), made.segments, made.households
        people: list[Column] = []
        for person in (faces.claimant, faces.partner):
            born = np.where(person >= 0, made.people.birth[person], OPEN)
            people += [_party(made, person, has_initials=False), DAY(born)]
            people += [face.ninos(made, person)]
        self._people = _joined([*people])
        self._heads = _joined([claim_refs(s.claim), face.account_refs(made, made.segment_account)])
        self._middles = _joined(
            [
                text.where(s.is_pension, b"PENS", b"WORK"),
                text.where(s.is_on_uc, b"Y", b"N"),
                text.where(h.is_passported[s.claim], b"Y", b"N"),
                text.numbers(h.dependants[s.claim]),
                text.numbers(h.non_dependants[s.claim]),
                self._money(s.weekly_charge),
                text.where(s.weekly_income < 0, b"", self._money(s.weekly_income)),
            ]
        )
        self._starts = DAY(s.start)
        self._statuses = text.pool([STATUSES.get(code, "") for code in range(10)])

    def write(
        self, position: Position, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month; return the count and the planted faults."""
        awards, month = position.awards, position.month
        name = f"CTR_AWARDS_{self.made.district.slug}_{month.first:%Y%m}.csv"
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
        table = Table(name, AWARD_COLUMNS, lines, DIALECT, FIRST_ROW)
        pence = awards.weekly_award
        record = Record("awards", np.flatnonzero(awards.is_only_row), pence, {"Weekly CTR": pence})
        planted = spoil({"awards": table}, {"award": record})
        _write(folder / name, f"Council tax reduction awards {month.first:%B %Y}", table)
        return [award_count(name, awards, planted, table)], planted
