"""Extracts as vendors that nobody has met might write them; all people and figures made up.

Each maker writes one file and returns what `lsi load` must make of it: rows and pence accepted and
set aside, and every text in it that may identify somebody.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

SURNAMES = ("Quillfeather", "Osgathorpe", "Brontë-Vane", "O'Malleyson", "Thistlewood", "Pargeter",
            "Wrexcombe", "Ullathorne", "Fazackerley", "Dunwoodie")  # fmt: skip
FORENAMES = ("Ottoline", "Barnaby", "Zoë", "Marmaduke", "Persephone", "Ignatius", "Rosalba",
             "Evander")  # fmt: skip
STREETS = ("Marrowbone Lane", "Tanglewick Road", "Old Saltern Way", "Copperfield Rise")


@dataclass
class Expected:
    """What the load must come to, in rows and pence, and what nobody may see."""

    accepted_rows: int = 0
    accepted_pence: int = 0
    set_aside: dict[tuple[str, str], int] = field(default_factory=dict)
    set_aside_pence: int = 0
    identifiers: set[str] = field(default_factory=set)

    def take(
        self, pence: int, reason: tuple[str, str] | None = None, readable: bool = True
    ) -> None:
        """Count a row, as accepted or as set aside for a reason in a column."""
        if reason is None:
            self.accepted_rows += 1
            self.accepted_pence += pence
        else:
            self.set_aside[reason] = self.set_aside.get(reason, 0) + 1
            self.set_aside_pence += pence if readable else 0


@dataclass(frozen=True)
class Made:
    """One made-up person at a made-up address."""

    number: int
    surname: str
    forename: str
    born: date
    nino: str
    street: str
    postcode: str
    uprn: str


def people(seed: int, count: int, expected: Expected) -> tuple[random.Random, list[Made]]:
    """Return made-up people, noting all that may identify them."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        letters = "".join(rng.choice("ABCEGHJKLMNPRSTWXYZ") for _ in range(2))
        one = Made(
            number, rng.choice(SURNAMES), rng.choice(FORENAMES),
            date(1935, 1, 1) + timedelta(days=rng.randrange(70 * 365)),
            f"{letters}{rng.randrange(10**6):06d}{rng.choice('ABCD')}",
            f"{rng.randrange(1, 250)} {rng.choice(STREETS)}",
            f"ME{rng.randrange(1, 20)} {rng.randrange(1, 10)}{rng.choice('ABDEH')}Q",
            f"1000{rng.randrange(10**8):08d}",
        )  # fmt: skip
        made.append(one)
        expected.identifiers |= {one.surname, one.surname.upper(), one.forename, one.nino,
                                 one.street, one.street.split(" ", 1)[1], one.postcode, one.uprn,
                                 f"{one.born:%d/%m/%Y}", f"{one.born:%Y-%m-%d}"}  # fmt: skip
    return rng, made


def spaced(nino: str) -> str:
    return " ".join([nino[:2], nino[2:4], nino[4:6], nino[6:8], nino[8:]])


def pounds(pence: int) -> str:
    return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def plain(pence: int) -> str:
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def delimited(rows: Sequence[Sequence[object]], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def british(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def northmere_cts(folder: Path) -> tuple[Path, Expected]:
    """Write semicolons, cp1252, three title lines, whole names, pounds with signs, an open end."""
    expected = Expected()
    rng, made = people(11, 300, expected)
    rows: list[list[object]] = [[
        "Case No", "CTax Account No", "Claimant Name", "Date of Birth", "NI Number", "Partner Name",
        "Partner DOB", "Partner NI Number", "Scheme Type", "UC Claim", "Passported",
        "No of Children", "Non Deps", "Weekly Liability", "Assessed Income", "Weekly CTR",
        "Start Date", "End Date", "Claim Status", "Credit Posted This Month",
        "Prior Period Adjustment", "Ward", "Officer",
    ]]  # fmt: skip
    for one in made:
        case, account = f"C{700000 + one.number}", f"8{one.number:07d}"
        expected.identifiers |= {case, account}
        pence = rng.randrange(400, 2500)
        start, reason, award = date(2026, 4, 1), None, pounds(pence)
        born = british(one.born)
        if one.number % 60 == 7:
            award, reason = "n/k", ("bad_number", "weekly_award_gbp")
        elif one.number % 75 == 9:
            born, reason = "31/02/1950", ("bad_date", "claimant_age_at_month_end")
        expected.take(pence, reason, readable=reason is None or reason[0] != "bad_number")
        partner = one.number % 4 == 0
        rows.append([
            case, account, f"{one.surname.upper()}, {one.forename}", born, spaced(one.nino),
            f"{one.surname.upper()}, {one.forename}" if partner else "",
            british(one.born) if partner else "", one.nino if partner else "",
            rng.choice(["Pension Age", "Working Age"]), rng.choice("YN"), rng.choice("YN"),
            rng.randrange(4), rng.randrange(2), pounds(pence + 500), pounds(rng.randrange(50000)),
            award, british(start),
            "31/12/2099" if one.number % 3 else british(date(2026, 10, 25)),
            rng.choice(["In Payment", "In Payment", "Suspended", "Cancelled"]), pounds(0),
            pounds(-rng.randrange(300)), "Marsh End", f"Team {rng.randrange(3)}",
        ])  # fmt: skip
    text = "Northmere Revenues and Benefits\r\nAwards in force\r\n\r\n" + delimited(rows, ";")
    path = folder / "Northmere CTS Swale 202610.csv"
    path.write_bytes(text.encode("cp1252"))
    return path, expected


def tabular_cts(folder: Path) -> tuple[Path, Expected]:
    """Write tabs, UTF-16, names without blanks, ISO dates, codes of its own; no adjustments."""
    expected = Expected()
    rng, made = people(12, 240, expected)
    rows: list[list[object]] = [[
        "ClaimRef", "AccountRef", "Surname", "Forename", "DOB", "NINO", "PartnerSurname",
        "PartnerForename", "PartnerDOB", "PartnerNINO", "AgeGroup", "UC", "Passported",
        "Dependants", "NonDependants", "WeeklyCouncilTax", "WeeklyIncome", "WeeklyAward",
        "AwardFrom", "AwardTo", "Status", "CreditPosted",
    ]]  # fmt: skip
    for one in made:
        claim, account = f"{5000 + one.number}/X", f"{61000000 + one.number}"
        expected.identifiers |= {claim, account}
        pence = rng.randrange(100, 3000)
        end, reason = "", None
        if one.number % 80 == 3:
            end, reason = "2026-01-31", ("end_before_start", "award_to")
        expected.take(pence, reason)
        rows.append([
            claim, account, one.surname, one.forename, one.born.isoformat(), one.nino, "", "", "",
            "", rng.choice("PW"), rng.choice("01"), rng.choice("01"), rng.randrange(3), 0,
            plain(pence + 100), plain(rng.randrange(40000)), plain(pence), "2026-06-15", end,
            "LLLSQ"[one.number % 5], plain(rng.randrange(5000)),
        ])  # fmt: skip
    path = folder / "CTR_2026-10_swale.txt"
    path.write_bytes(delimited(rows, "\t").encode("utf-16"))
    return path, expected


def workbook_cts(folder: Path) -> tuple[Path, Expected]:
    """Write a workbook with a cover and title rows, real dates, pence, a question in a header."""
    expected = Expected()
    rng, made = people(13, 200, expected)
    path = folder / "Council Tax Support October.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("About").write(0, 0, "Made-up awards of a made-up system")
    sheet = book.add_worksheet("Awards in force")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write(0, 0, "Awards in force")
    sheet.write_row(3, 0, [
        "Benefit Reference", "Council Tax Reference", "Last name", "First name", "Date of birth",
        "National Insurance No.", "Pension age?", "Universal Credit?", "Passported?",
        "Number of dependants", "Number of non-dependants", "Weekly council tax (pence)",
        "Weekly reduction (pence)", "Effective from", "Effective to", "State",
        "CTR credit posted in month (pence)", "Backdated adjustment (pence)",
    ])  # fmt: skip
    for row, one in enumerate(made, 4):
        claim, account = 900000 + one.number, 30000000 + one.number
        expected.identifiers |= {str(claim), str(account)}
        pence = rng.randrange(600, 2600)
        reason = ("missing_required", "claimant_age_at_month_end") if one.number % 50 == 5 else None
        expected.take(pence, reason)
        sheet.write_row(row, 0, [claim, account, one.surname, one.forename])
        if reason is None:
            sheet.write_datetime(row, 4, one.born, day)
        sheet.write_row(row, 5, [one.nino, rng.choice(["Yes", "No"]), rng.choice(["Yes", "No"]),
                                 rng.choice(["Yes", "No"]), rng.randrange(4), rng.randrange(3),
                                 pence + 700, pence])  # fmt: skip
        sheet.write_datetime(row, 13, date(2026, 4, 6), day)
        if one.number % 6 == 0:
            sheet.write_datetime(row, 14, date(2026, 10, 18), day)
        sheet.write_row(row, 15, [rng.choice(["Live", "Live", "Held", "Closed"]), pence * 4, 0])
    book.close()
    return path, expected


def accounts_council_tax(folder: Path) -> tuple[Path, Expected]:
    """Write a UTF-8 CSV with a BOM, an account a row, addresses in four columns."""
    expected = Expected()
    rng, made = people(14, 400, expected)
    rows: list[list[object]] = [[
        "Account Number", "Property Reference", "UPRN", "Liable Party", "Joint Liable Party",
        "Address 1", "Address 2", "Address 3", "Postcode", "Band", "Disabled Band Reduction",
        "Liable From", "Liable To", "Discount Type", "Exemption Class", "Payment Method",
        "Deceased", "Breathing Space", "Insolvency", "Sensitive", "Opt Out", "Anonymous Elector",
        "Financial Year", "Gross Charge", "Discount Amount", "CTR Amount", "Court Costs",
        "Total Paid", "Paid This Month", "Written Off", "Written Off This Month",
        "Instalments Due To Date", "Balance Outstanding", "Recovery Stage",
    ]]  # fmt: skip
    for one in made:
        account, prop = f"{400000000 + one.number}", f"P{one.number:06d}"
        expected.identifiers |= {account, prop}
        gross, paid, support = rng.randrange(90000, 260000), rng.randrange(40000), 10000
        off = 5 if one.number % 100 == 40 else 0
        balance = gross - paid - support
        expected.take(balance + off, ("does_not_add", "balance_gbp") if off else None)
        rows.append([
            account, prop, one.uprn, f"{one.surname}, {one.forename}", "", one.street,
            "Marsh End", "Kent", one.postcode, rng.choice("ABCDEFGH"), rng.choice("NNNY"),
            "01/04/2024", "", rng.choice(["None", "Single Person", "Empty"]), "",
            rng.choice(["Direct Debit", "Cash", "Online"]), "N", rng.choice("NY"), "N", "N", "N",
            rng.choice("NNY"), "2026/27", pounds(gross), pounds(0), pounds(support), pounds(0),
            pounds(paid), pounds(1000), pounds(0), pounds(0), pounds(50000), pounds(balance + off),
            rng.choice(["None", "Reminder", "Summons", "Bailiff"]),
        ])  # fmt: skip
    path = folder / "swale-ctax-2026-10.csv"
    path.write_bytes(b"\xef\xbb\xbf" + delimited(rows, ",").encode())
    return path, expected


def years_council_tax(folder: Path) -> tuple[Path, Expected]:
    """Write an account a row with two years side by side, and exemption classes after a word."""
    expected = Expected()
    rng, made = people(19, 300, expected)
    parts = ("Charge Year", "Gross Charge", "Discount Amount", "CTR Credit", "Court Costs",
             "Total Paid", "Paid In Month", "Written Off", "Written Off In Month",
             "Instalments Due", "Balance", "Recovery Stage")  # fmt: skip
    rows: list[list[object]] = [[
        "Account Ref", "Property Ref", "UPRN", "Liable Surname", "Liable Forename",
        "Property Address", "Postcode", "Band", "Disabled Relief", "Liable From", "Liable To",
        "Discount", "Exempt Class", "Pay Method", "Deceased", "Breathing Space", "Insolvent",
        "Sensitive", "Opt Out", "Anonymous", *[f"{part} {n}" for n in (1, 2) for part in parts],
    ]]  # fmt: skip
    for one in made:
        account, prop = f"{700000000 + one.number}", f"Q{one.number:06d}"
        expected.identifiers |= {account, prop}
        balances, years = 0, []
        bad = one.number % 90 == 8
        for number, year in enumerate(("2026-27", "2025-26")):
            gross, paid = rng.randrange(90000, 260000), rng.randrange(40000)
            if number and one.number % 3:
                years += [""] * len(parts)
                continue
            balances += gross - paid
            stage = "REM" if number else "None"
            years += [year, plain(gross), "0.00", "0.00", "0.00", plain(paid), "0.00", "0.00",
                      "0.00", "100.00", plain(gross - paid), stage]  # fmt: skip
        expected.take(balances, ("unknown_code", "band") if bad else None)
        rows.append([
            account, prop, one.uprn, one.surname, one.forename, one.street, one.postcode,
            "Z" if bad else rng.choice("ABCDEFGH"), "No", "2024-04-01", "", "None",
            rng.choice(["None", "None", "Class B", "Class N"]), "Direct Debit", "No", "No", "No",
            rng.choice(["Yes", "No"]), "No", "No", *years,
        ])  # fmt: skip
    path = folder / "ctax_years_E07000113_202610.csv"
    path.write_bytes(delimited(rows, ",").encode())
    return path, expected


def claims_housing_benefit(folder: Path) -> tuple[Path, Expected]:
    """Write pipes, compact dates, a tenure code that nobody knows, no partner's flag."""
    expected = Expected()
    rng, made = people(15, 260, expected)
    rows: list[list[object]] = [[
        "HB Claim No", "CTR Claim No", "UPRN", "Property Address", "Post Code", "Claimant Surname",
        "Claimant Forename", "Claimant DOB", "Claimant NINO", "Claim Status", "Claim Start Date",
        "Tenure", "Passported Benefit", "Weekly HB", "Weekly Eligible Rent", "LHA Case",
        "Total Capital", "Couple", "No of Dependants", "No of Non Dependants",
    ]]  # fmt: skip
    for one in made:
        claim, support = f"HB{80000 + one.number}", f"CT{80000 + one.number}"
        expected.identifiers |= {claim, support, f"{one.born:%Y%m%d}"}
        pence = rng.randrange(3000, 20000)
        reason = ("bad_number", "dependant_count") if one.number % 130 == 11 else None
        expected.take(pence, reason)
        rows.append([
            claim, support, one.uprn, f"{one.street}, Marsh End", one.postcode, one.surname,
            one.forename, f"{one.born:%Y%m%d}", one.nino, rng.choice(["Live", "Suspended"]),
            "20240401", ["HRA", "HA", "Private Rented", "ZZ"][one.number % 4],
            rng.choice(["Standard", "Income Support", "ESA(IR)", "Guarantee Credit"]),
            plain(pence), plain(pence + 1500), rng.choice("YN"), plain(rng.randrange(900000)),
            rng.choice("YN"), "two" if reason else rng.randrange(4), rng.randrange(2),
        ])  # fmt: skip
    path = folder / "HBCLAIMS_E07000113_202610.txt"
    path.write_bytes(delimited(rows, "|").encode())
    return path, expected


def accounts_rent(folder: Path) -> tuple[Path, Expected]:
    """Write a CSV with padded columns and remarks that run over a line end."""
    expected = Expected()
    rng, made = people(16, 220, expected)
    rows: list[list[object]] = [[
        "Rent Account No", "Property Ref", "UPRN", "Tenancy Address", "Postcode", "Tenant Surname",
        "Tenant Forenames", "Tenant DOB", "Tenant NI No", "Tenancy Type", "Tenancy Start Date",
        "Tenancy End Date", "Weekly Rent", "Weekly Service Charge", "Current Balance", "Remarks",
    ]]  # fmt: skip
    for one in made:
        account, prop = f"R{6000000 + one.number}", f"H{one.number:05d}"
        expected.identifiers |= {account, prop}
        pence = rng.randrange(-20000, 90000)
        reason = ("missing_required", "tenancy_start_date") if one.number % 70 == 2 else None
        expected.take(pence, reason)
        rows.append([
            f"{account}  ", prop, one.uprn, one.street, one.postcode, f"{one.surname}   ",
            one.forename, british(one.born), one.nino, rng.choice(["SEC", "INT", "TA"]),
            "" if reason else "01/04/2019", "", plain(rng.randrange(7000, 16000)), "5.10",
            plain(pence), "called\r\ntwice" if one.number % 9 == 0 else "",
        ])  # fmt: skip
    path = folder / "rents_dover_202610.csv"
    path.write_bytes(delimited(rows, ",").encode())
    return path, expected


def awards_universal_credit(folder: Path) -> tuple[Path, Expected]:
    """Write a CSV, elements in columns, dates with days first."""
    expected = Expected()
    rng, made = people(17, 320, expected)
    rows: list[list[object]] = [[
        "UC Claim ID", "Surname", "Forename", "Date Of Birth", "NINO", "Postcode",
        "Assessment Period Start", "Assessment Period End", "Couple", "Number Of Children",
        "Standard Allowance", "Child Element", "Disabled Child Element", "LCWRA Element",
        "Carer Element", "Childcare Element", "Housing Element", "Tenure Type",
        "Take Home Pay", "Earnings Deduction", "Other Income Deduction", "Benefit Cap Reduction",
        "Award Amount", "Total Deductions", "Net Payment", "CTR Interest",
    ]]  # fmt: skip
    for one in made:
        claim = f"UC{one.number:08d}"
        expected.identifiers.add(claim)
        award, less = rng.randrange(30000, 150000), rng.randrange(9000)
        off = 1 if one.number % 160 == 20 else 0
        net = award - less + off
        expected.take(net, ("does_not_add", "net_award_gbp") if off else None)
        nothing = plain(0)
        rows.append([
            claim, one.surname, one.forename, british(one.born), one.nino, one.postcode,
            "17/09/2026", "16/10/2026", rng.choice("YN"), rng.randrange(4), plain(42490), nothing,
            nothing, nothing, nothing, nothing, plain(rng.randrange(60000)),
            rng.choice(["Private Rented", "Social Rented", "None"]), nothing, nothing, nothing,
            nothing, plain(award), plain(less), plain(net), rng.choice("YN"),
        ])  # fmt: skip
    path = folder / "uc_share_swale_202610.csv"
    path.write_bytes(delimited(rows, ",").encode())
    return path, expected


def awards_discretionary(folder: Path) -> tuple[Path, Expected]:
    """Write a workbook of one sheet whose funds and reasons are in words."""
    expected = Expected()
    rng, made = people(18, 150, expected)
    path = folder / "Discretionary awards swale 202610.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Sheet1")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, [
        "Application Ref", "HB/CTR Claim Ref", "Applicant Name", "NI Number", "Home Address",
        "Postcode", "Fund", "Reason for Award", "Decision Date", "Award Amount",
    ])  # fmt: skip
    for row, one in enumerate(made, 1):
        award = f"DA-{one.number:04d}"
        expected.identifiers |= {award, f"HB{90000 + one.number}"}
        pence = rng.randrange(2000, 90000)
        reason = ("missing_required", "decided_date") if one.number % 50 == 1 else None
        expected.take(pence, reason)
        sheet.write_row(row, 0, [
            award, f"HB{90000 + one.number}", f"{one.surname}, {one.forename}", one.nino,
            f"{one.street}, Marsh End", one.postcode, rng.choice(["DHP", "CRF"]),
            rng.choice(["Rent arrears", "Energy", "Food", "White goods"]),
        ])  # fmt: skip
        if reason is None:
            sheet.write_datetime(row, 8, date(2026, 10, 1 + one.number % 28), day)
        sheet.write_number(row, 9, pence / 100)
    book.close()
    return path, expected


Maker = Callable[[Path], tuple[Path, Expected]]
