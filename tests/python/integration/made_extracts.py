"""Small extracts written by hand in each vendor's form, with rows whose right reading is known."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import xlsxwriter


@dataclass(frozen=True)
class Account:
    """One council tax account with this year's balance."""

    ref: str
    surname: str = "O'Brien"
    forenames: str = "Zoë"
    property_ref: str = "00000001"
    uprn: str = "100060000001"
    band: str = "C"
    start: date = date(2019, 4, 1)
    end: date | None = None
    gross: Decimal = Decimal("2000.00")
    paid: Decimal = Decimal("1234.56")

    @property
    def balance(self) -> Decimal:
        """What is left to pay."""
        return self.gross - self.paid


@dataclass(frozen=True)
class Award:
    """One award of support."""

    claim: str
    account: str
    surname: str = "O'BRIEN"
    forenames: str = "ZOE"
    birth_date: date = date(1960, 4, 20)
    nino: str = "AB123456C"
    weekly: Decimal = Decimal("23.45")
    start: date = date(2025, 4, 1)
    end: date | None = None


@dataclass
class Month:
    """What a district sends for a month."""

    month: date = date(2026, 10, 1)
    accounts: list[Account] = field(default_factory=list)
    awards: list[Award] = field(default_factory=list)


def a_month(month: date = date(2026, 10, 1), rows: int = 3) -> Month:
    """Return a month of `rows` accounts, the last of them on support.

    The award is a penny more each month: files without a month inside are never the same bytes.
    """
    accounts = [
        Account(f"{500000000 + n}", property_ref=f"{n:08}", uprn=f"{100060000000 + n}")
        for n in range(1, rows + 1)
    ]
    weekly = Decimal("23.45") + Decimal(month.month - 10) / 100
    return Month(month, accounts, [Award("1000001", accounts[-1].ref, weekly=weekly)])


def _csv(rows: list[list[object]], quote_all: bool = False) -> str:
    text = io.StringIO()
    style = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(text, lineterminator="\n", quoting=style).writerows(rows)
    return text.getvalue()


OPEN_END = "2099-12-31 00:00:00"


def _midnight(day: date | None) -> str:
    return f"{day} 00:00:00" if day else OPEN_END


def academy(folder: Path, slug: str, made: Month) -> dict[str, Path]:
    """Write the Academy sets of both feeds, two notices a year of account; return the files."""
    tables = {
        "ctax-ctaccount": (
            "account_ref,account_cd,lead_liab_title,lead_liab_forename,lead_liab_surname,"
            "paymeth_code",
            [[a.ref, "A", "MS", a.forenames, a.surname, "DD"] for a in made.accounts],
        ),
        "ctax-ctliab_person": (
            "account_ref,liab_pos,liab_pers_occ,liab_name",
            [[a.ref, 0, 1, "LEFT, LONG AGO"] for a in made.accounts],
        ),
        "ctax-ctoccupation": (
            "account_ref,property_ref,occupation_date,vacation_date,live_ind",
            [[a.ref, a.property_ref, _midnight(a.start), _midnight(a.end), 1]
             for a in made.accounts],
        ),
        "ctax-ctproperty": (
            "property_ref,uprn,band_010493,addr1,addr2,postcode",
            [[a.property_ref, a.uprn, a.band, "1 High Street", "Ashford", "TN23 1AA"]
             for a in made.accounts],
        ),
        "ctax-ctnotice": (
            "account_ref,notice_type,notice_from,amt_benefit,amt_costs,amt_debit,amt_write_off,"
            "notice_balance",
            [notice for a in made.accounts for notice in (
                [a.ref, 1, "2026-04-01 00:00:00", "0.00", "0.00", a.gross + 100, "0.00",
                 a.balance + 100],
                [a.ref, 2, "2026-04-01 00:00:00", "0.00", "0.00", "-100.00", "0.00", "-100.00"],
            )],
        ),
        "ctax-extra_ctaccount": (
            "account_ref,disc_code,exempt_class,dis_band_ind,attach_code,deceased_ind,"
            "breathing_space_ind,insolvency_ind,sensitive_ind,contact_optout_ind,"
            "anon_elector_ind",
            [[a.ref, "SPD25", "", "N", "", *"NNNNNY"] for a in made.accounts],
        ),
        "ctax-extra_ctyear": (
            "account_ref,ct_year,notices,amt_discount,amt_receipts,amt_receipts_mth,"
            "amt_write_off_mth,inst_due,recovery_code",
            [[a.ref, 2026, 2, "0.00", a.paid, "100.00", "0.00", "1200.00", "10"]
             for a in made.accounts],
        ),
        "cts-hbclaim": ("claim_id,check_digit,status_ind", [[w.claim, 1, 1] for w in made.awards]),
        "cts-hbhousehold": (
            "claim_id,house_id,from_date,to_date,inc_supp_ind",
            [[w.claim, 1, _midnight(w.start), "2099-12-31", 1] for w in made.awards],
        ),
        "cts-hbctaxclaim": (
            "claim_id,ctax_claim_id,ctax_ref", [[w.claim, 1, w.account] for w in made.awards]
        ),
        "cts-hbmember": (
            "claim_id,house_id,member_id,type,surname,forename,birth_date,nino,gender",
            [[w.claim, 1, 1, 1, w.surname, w.forenames, w.birth_date, w.nino, 2]
             for w in made.awards],
        ),
        "cts-hbctaxass": (
            "claim_id,from_date,to_date,type_ind,dhp_ind,model_amt",
            [[w.claim, _midnight(w.start), w.end or "2099-12-31", 1, 0, w.weekly]
             for w in made.awards],
        ),
        "cts-extra_ctrass": (
            "claim_id,from_date,age_group_ind,uc_ind,dep_children,non_deps,weekly_liab,"
            "weekly_income,posted_mth,adj_prior",
            [[w.claim, _midnight(w.start), "P", 0, 0, 1, "30.00", "", "0.00", "-1.50"]
             for w in made.awards],
        ),
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, (header, rows) in tables.items():
        feed, table = name.split("-")
        files[table] = folder / f"{slug}_{feed}_{made.month:%Y%m}_{table}.csv"
        files[table].write_text(_csv([header.split(","), *rows]), encoding="utf-8")
    return files


def _pence(pounds: Decimal) -> int:
    return int(pounds * 100)


def piped(folder: Path, code: str, made: Month, produced: str = "20261102T060000") -> Path:
    """Write the pipe-delimited council tax file, its numbers as wide as they are; return it."""
    when = f"{made.month:%Y%m}"
    lines = [f"H|{code}|{when}|{produced}"]
    for a in made.accounts:
        end = f"{a.end:%Y%m%d}" if a.end else ""
        lines.append(
            f"A|{a.ref:0>10}|{a.property_ref}|{a.uprn}|{a.surname}|{a.forenames}|||1 High Street|"
            f"TN13 1AA|{a.band}|0|{a.start:%Y%m%d}|{end}|1||1|000001"
        )
        lines.append(
            f"B|{a.ref:0>10}|2026|{_pence(a.gross)}|0|0|0|{_pence(a.paid)}|10000|0|0|120000|"
            f"{_pence(a.balance)}|1"
        )
    total = sum(_pence(a.balance) for a in made.accounts)
    lines.append(f"T|{len(made.accounts)}|{len(made.accounts)}|{total}")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{code}.CTAX.{when}.txt"
    path.write_bytes("".join(line + "\r\n" for line in lines).encode())
    return path


def piped_cts(folder: Path, code: str, made: Month, produced: str = "20261102T060000") -> Path:
    """Write the pipe-delimited support file; return it."""
    when = f"{made.month:%Y%m}"
    lines = [f"H|{code}|{when}|{produced}"]
    for w in made.awards:
        end = f"{w.end:%Y%m%d}" if w.end else ""
        lines.append(
            f"C|{w.claim:0>8}|{w.account:0>10}|{w.surname}|{w.forenames}|{w.birth_date:%Y%m%d}|{w.nino}|"
            f"||||P|0|1|0|1|3000||{_pence(w.weekly)}|{w.start:%Y%m%d}|{end}|1|0|-150"
        )
    lines.append(f"T|{len(made.awards)}|{sum(_pence(w.weekly) for w in made.awards)}")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{code}.CTS.{when}.txt"
    path.write_bytes("".join(line + "\r\n" for line in lines).encode())
    return path


def _pounds(amount: Decimal | str) -> str:
    value = Decimal(amount)
    return f"{'-' if value < 0 else ''}£{abs(value):,.2f}"


def wide(folder: Path, name: str, made: Month) -> Path:
    """Write the wide council tax CSV in cp1252; return it."""
    header = [
        "Account No", "Property Ref", "UPRN", "Lead Surname", "Lead Forenames", "Joint Surname",
        "Joint Forenames", "Address", "Postcode", "Band", "Disabled Relief", "Liable From",
        "Liable To", "Discount", "Exemption", "Pay Method", "Markers",
    ]  # fmt: skip
    parts = [
        "Year", "Gross", "Discount Amt", "CTR", "Costs", "Paid", "Paid In Month", "Written Off",
        "Written Off In Month", "Due To Date", "Balance", "Stage",
    ]  # fmt: skip
    for block in ("CY", "PY1", "PY2", "PY3"):
        header += [f"{block} {part}" for part in parts]
    rows: list[list[object]] = [list(header)]
    for a in made.accounts:
        end = f"{a.end:%d/%m/%Y}" if a.end else ""
        rows.append(
            [a.ref[-8:], a.property_ref, a.uprn.lstrip("0"), a.surname, a.forenames, "", "",
             "1 High Street, Dartford", "DA1 1AA", a.band, "No", f"{a.start:%d/%m/%Y}", end,
             "Single Person", "None", "Direct Debit", "SEN;ANON", "2026/27", _pounds(a.gross),
             _pounds("0"), _pounds("0"), _pounds("0"), _pounds(a.paid), _pounds("100"),
             _pounds("0"), _pounds("0"), _pounds("1200"), _pounds(a.balance), "Reminder",
             *[""] * 36]
        )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"Council Tax Extract - {name} - {made.month:%Y-%m}.csv"
    path.write_bytes(_csv(rows).encode("cp1252"))
    return path


def workbook(folder: Path, slug: str, made: Month) -> Path:
    """Write the support workbook with its cover sheet and title lines; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{slug}-CTS-{made.month:%Y%m}.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("Cover").write(0, 0, "Made-up awards")
    sheet = book.add_worksheet("Awards")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for line in range(3):
        sheet.write(line, 0, f"Title {line}")
    sheet.write_row(3, 0, [
        "Claim", "Account", "Surname", "Forenames", "Date of birth", "NI number",
        "Partner surname", "Partner forenames", "Partner date of birth", "Partner NI number",
        "Pension age?", "UC?", "Passported?", "Children", "Other adults", "Weekly charge",
        "Weekly income", "Weekly CTR", "From", "To", "State", "Credit posted",
        "Earlier months adjustment",
    ])  # fmt: skip
    for row, w in enumerate(made.awards, 4):
        sheet.write_row(row, 0, [w.claim, w.account[-8:], w.surname, w.forenames])
        sheet.write_datetime(row, 4, w.birth_date, day)
        sheet.write(row, 5, w.nino)
        sheet.write_row(row, 10, ["Y", "N", "Y", 0, 1, 30])
        sheet.write_number(row, 17, float(w.weekly))
        sheet.write_datetime(row, 18, w.start, day)
        if w.end:
            sheet.write_datetime(row, 19, w.end, day)
        sheet.write_row(row, 20, ["Live", 0, -1.5])
    book.close()
    return path


def changed(account: Account, **fields: object) -> Account:
    """Return the account with other fields."""
    return replace(account, **fields)  # type: ignore[arg-type]
