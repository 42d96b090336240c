"""A second, plain reading of the made files: one row at a time, nothing shared with the writers.

Every reader yields canonical rows: `file`, `row` (physical number), and values as Python types. A
row that cannot be read carries the reason under `bad`, found by checks of this module's own.
"""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from made_files_checks import (
    MONEY_COLUMNS,
    OPEN,
    BadRowError,
    Row,
    adds,
    checked,
    coded,
    day,
    money,
    period,
    required,
)
from made_files_civica_nec import civica_council_tax, civica_cts, nec_council_tax, nec_cts
from python_calamine import CalamineWorkbook


def csv_rows(path: Path, encoding: str = "utf-8") -> tuple[list[str], list[tuple[int, list[str]]]]:
    with path.open(encoding=encoding, newline="") as file:
        rows = list(csv.reader(file))
    return rows[0], [(number, row) for number, row in enumerate(rows[1:], start=2)]


# --- table sets -------------------------------------------------------------------------------


def academy_table(folder: Path, slug: str, feed: str, yyyymm: str, table: str) -> list[Row]:
    path = folder / f"{slug}_{feed}_{yyyymm}_{table}.csv"
    header, rows = csv_rows(path)
    return [{"file": path.name, "row": n, **dict(zip(header, r, strict=True))} for n, r in rows]


def academy_council_tax(folder: Path, slug: str, yyyymm: str) -> tuple[list[Row], list[Row]]:
    """Return accounts, and years of account: one row a notice where the year is bad."""
    tables = {
        name: academy_table(folder, slug, "ctax", yyyymm, name)
        for name in (
            "ctaccount", "ctoccupation", "ctproperty", "ctnotice", "extra_ctaccount",
            "extra_ctyear",
        )
    }  # fmt: skip
    occupations = {row["account_ref"]: row for row in tables["ctoccupation"]}
    properties = {row["property_ref"]: row for row in tables["ctproperty"]}
    reliefs = {row["account_ref"]: row for row in tables["extra_ctaccount"]}
    years = {(row["account_ref"], row["ct_year"]): row for row in tables["extra_ctyear"]}

    def account(row: Row) -> None:
        row["key"] = required(row["account_ref"])
        coded(row["paymeth_code"], "DD,SO,CASH,EMP,AB")
        held = occupations.get(row["key"])
        place = properties.get(held["property_ref"]) if held else None
        if held is None or place is None:
            raise BadRowError("missing_lookup")
        coded(place["band_010493"], "A,B,C,D,E,F,G,H")
        coded(reliefs[row["key"]]["disc_code"], ",SPD25,DIS25,DIS50,EMPTY0")
        coded(reliefs[row["key"]]["attach_code"], ",AE,AB")
        row["from"] = day(held["occupation_date"], "%Y-%m-%d 00:00:00")
        row["to"] = day(held["vacation_date"], "%Y-%m-%d 00:00:00")
        period(row)

    def year_of(row: Row) -> None:
        row["key"], row["year"] = required(row["account_ref"]), int(row["ct_year"])
        beside = years.get((row["account_ref"], row["ct_year"]))
        if beside is None or int(beside["notices"]) != len(row["notices"]):
            raise BadRowError("missing_lookup")
        for ours, theirs in (
            ("balance", "notice_balance"), ("gross", "amt_debit"), ("ctr", "amt_benefit"),
            ("costs", "amt_costs"), ("write_off", "amt_write_off"),
        ):  # fmt: skip
            row[ours] = sum(money(required(notice[theirs])) for notice in row["notices"])
        for ours, theirs in (
            ("discount", "amt_discount"), ("paid", "amt_receipts"),
            ("paid_month", "amt_receipts_mth"), ("write_off_month", "amt_write_off_mth"),
            ("due", "inst_due"),
        ):  # fmt: skip
            row[ours] = money(beside[theirs])
        coded(beside["recovery_code"], "00,10,20,30,40,50,60,70,80")
        adds(row)

    return (
        checked(((row, account) for row in tables["ctaccount"]), ("key",)),
        spread(
            checked(((row, year_of) for row in years_of_account(tables["ctnotice"])),
                    ("key", "year"))
        ),
    )  # fmt: skip


def years_of_account(notices: list[Row]) -> list[Row]:
    """Return a row a year of account, with its notices."""
    together: dict[tuple[str, str], list[Row]] = {}
    for notice in notices:
        issued = notice["notice_from"]
        start = int(issued[:4]) - (issued[5:7] < "04")
        together.setdefault((notice["account_ref"], str(start)), []).append(notice)
    return [
        {"account_ref": ref, "ct_year": year, "file": own[0]["file"], "row": own[0]["row"],
         "notices": own}
        for (ref, year), own in together.items()
    ]  # fmt: skip


def spread(years: list[Row]) -> list[Row]:
    """Return bad years notice by notice; the pounds of a year stand with its first notice."""
    rows = []
    for year in years:
        if "bad" not in year:
            rows.append(year)
            continue
        texts = [notice["notice_balance"] for notice in year["notices"]]
        for place, notice in enumerate(year["notices"]):
            row = {**year, "row": notice["row"], "control": ("0", 1)}
            if place == 0:
                try:
                    row["control"] = (str(sum(money(text) for text in texts)), 1)
                except BadRowError:
                    row["control"] = ("", 1)
            rows.append(row)
    return rows


def academy_cts(folder: Path, slug: str, yyyymm: str) -> list[Row]:
    tables = {
        name: academy_table(folder, slug, "cts", yyyymm, name)
        for name in (
            "hbclaim", "hbhousehold", "hbctaxclaim", "hbmember", "hbctaxass", "extra_ctrass",
        )
    }  # fmt: skip
    claims = {row["claim_id"]: row for row in tables["hbclaim"]}
    bridges = {row["claim_id"]: row["ctax_ref"] for row in tables["hbctaxclaim"]}
    homes = {
        row["claim_id"]: row["house_id"]
        for row in tables["hbhousehold"]
        if row["to_date"] == "2099-12-31"
    }
    people = {
        (row["claim_id"], row["house_id"]): row for row in tables["hbmember"] if row["type"] == "1"
    }
    beside = {(row["claim_id"], row["from_date"]): row for row in tables["extra_ctrass"]}

    def award(row: Row) -> None:
        row["claim"] = required(row["claim_id"])
        row["from"] = day(required(row["from_date"]), "%Y-%m-%d 00:00:00")
        row["to"] = day(row["to_date"], "%Y-%m-%d")
        period(row)
        ours = beside.get((row["claim_id"], row["from_date"]))
        if row["claim"] not in bridges or ours is None:
            raise BadRowError("missing_lookup")
        row["status"] = {"1": "open", "2": "held", "9": "ended"}.get(
            claims[row["claim"]]["status_ind"]
        )
        if row["status"] is None:
            raise BadRowError("unknown_code")
        row["account"] = bridges[row["claim"]]
        row["nino"] = people[row["claim"], homes[row["claim"]]]["nino"]
        row["age_group"] = coded(ours["age_group_ind"], "P,W")
        money(ours["weekly_liab"])
        row["weekly"], row["posted"] = money(row["model_amt"]), money(ours["posted_mth"])
        row["late"] = money(ours["adj_prior"])

    return checked(((row, award) for row in tables["hbctaxass"]), ("claim", "from"))


# --- one wide CSV -----------------------------------------------------------------------------


def wide_council_tax(path: Path) -> list[Row]:
    """Return accounts, each with the list of its balances under `blocks`."""
    header, rows = csv_rows(path, "cp1252")
    names = [
        "Gross",
        "Discount Amt",
        "CTR",
        "Costs",
        "Paid",
        "Paid In Month",
        "Written Off",
        "Written Off In Month",
        "Due To Date",
        "Balance",
    ]

    def account(row: Row) -> None:
        values = row["values"]
        if len(values) != len(header):
            raise BadRowError("field_count")
        named = dict(zip(header, values, strict=True))
        row["key"] = required(named["Account No"])
        coded(named["Band"], "A,B,C,D,E,F,G,H")
        coded(named["Discount"], "None,Single Person,One Disregard,All Disregarded,Empty")
        row["from"] = day(named["Liable From"], "%d/%m/%Y")
        row["to"] = day(named["Liable To"], "%d/%m/%Y") if named["Liable To"] else OPEN
        period(row)
        row["blocks"] = []
        for prefix in ("CY", "PY1", "PY2", "PY3"):
            if not named[f"{prefix} Year"]:
                continue
            block = {"key": row["key"], "year": int(named[f"{prefix} Year"][:4])}
            for ours, theirs in zip(MONEY_COLUMNS, names, strict=True):
                block[ours] = money(named[f"{prefix} {theirs}"])
            adds(block)
            row["blocks"].append(block)

    raw = ({"file": path.name, "row": number, "values": values} for number, values in rows)
    return checked(((row, account) for row in raw), ("key",))


def award_parser(date_pattern: str, unit: int, statuses: dict[str, str]) -> Any:
    """Return a parser of awards whose values stand under the names used here."""

    def award(row: Row) -> None:
        if row["fields"] != row["expected"]:
            raise BadRowError("field_count")
        required(row["claim"])
        row["from"] = day(row["from"], date_pattern)
        row["to"] = day(row["to"], date_pattern) if row["to"] else OPEN
        period(row)
        row["weekly"] = money(row["weekly"], unit)
        money(row["charge"], unit)
        row["posted"], row["late"] = money(row["posted"], unit), money(row["late"], unit)
        if row["status"] not in statuses:
            raise BadRowError("unknown_code")
        row["status"] = statuses[row["status"]]

    return award


AWARD_PLACES = {
    "claim": 0, "account": 1, "nino": 5, "age_group": 10, "charge": 15, "weekly": 17, "from": 18,
    "to": 19, "status": 20, "posted": 21, "late": 22,
}  # fmt: skip


def placed(path: Path, number: int, values: list[str], expected: int, shift: int = 0) -> Row:
    row: Row = {"file": path.name, "row": number, "fields": len(values), "expected": expected}
    for name, place in AWARD_PLACES.items():
        at = place + shift
        row[name] = values[at] if at < len(values) else ""
    row["age_group"] = row["age_group"][:1]
    return row


def wide_cts(path: Path) -> list[Row]:
    header, rows = csv_rows(path, "cp1252")
    statuses = {"In payment": "open", "Suspended": "held", "Ended": "ended"}
    parse = award_parser("%d/%m/%Y", 1, statuses)
    return checked(((placed(path, n, v, len(header)), parse) for n, v in rows), ("claim", "from"))


# --- pipes ------------------------------------------------------------------------------------


def piped_lines(path: Path) -> list[list[str]]:
    text = path.read_bytes().decode("utf-8")
    assert text.endswith("\r\n")
    return [line.split("|") for line in text.split("\r\n")[:-1]]


def piped_council_tax(path: Path) -> tuple[list[Row], list[Row]]:
    lines = list(enumerate(piped_lines(path), start=1))

    def account(row: Row) -> None:
        values = row["values"]
        if len(values) != 18:
            raise BadRowError("field_count")
        row["key"] = required(values[1])
        coded(values[10], "A,B,C,D,E,F,G,H")
        row["from"] = day(values[12], "%Y%m%d")
        row["to"] = day(values[13], "%Y%m%d") if values[13] else OPEN
        period(row)
        coded(values[16], "1,2,3,4")

    def balance(row: Row) -> None:
        values = row["values"]
        if len(values) != 14:
            raise BadRowError("field_count")
        row["control"] = (values[12], 100)
        row["key"], row["year"] = required(values[1]), int(values[2])
        for name, value in zip(MONEY_COLUMNS, values[3:13], strict=True):
            row[name] = money(value, 100)
        coded(values[13], "0,1,2,3,4,5,6,7,8")
        adds(row)

    def of(tag: str, parse: Any) -> Iterator[tuple[Row, Any]]:
        for number, values in lines:
            if values[0] == tag:
                yield {"file": path.name, "row": number, "values": values}, parse

    return checked(of("A", account), ("key",)), checked(of("B", balance), ("key", "year"))


def piped_cts(path: Path) -> list[Row]:
    lines = enumerate(piped_lines(path), start=1)
    parse = award_parser("%Y%m%d", 100, {"1": "open", "2": "held", "9": "ended"})
    rows = ((placed(path, n, v, 24, shift=1), parse) for n, v in lines if v[0] == "C")
    return checked(rows, ("claim", "from"))


# --- workbook ---------------------------------------------------------------------------------


def workbook_cts(path: Path) -> list[Row]:
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_name("Awards").to_python()
    parse = award_parser("%Y-%m-%d", 1, {"Live": "open", "Held": "held", "Closed": "ended"})
    text = [[str(value) for value in values] for values in sheet]
    rows = ((placed(path, n, v, 23), parse) for n, v in enumerate(text[4:], start=5))
    return [
        {**row, "age_group": {"Y": "P", "N": "W"}.get(row["age_group"], "")}
        for row in checked(rows, ("claim", "from"))
    ]


# --- any district -----------------------------------------------------------------------------


def council_tax(inbox: Path, slug: str, month: date) -> tuple[list[Row], list[Row]]:
    """Return accounts and balances of one made extract of the districts under test."""
    folder = inbox / slug
    if slug == "ashford":
        return academy_council_tax(folder, slug, f"{month:%Y%m}")
    if slug == "folkestone-and-hythe":
        return piped_council_tax(folder / f"E07000112.CTAX.{month:%Y%m}.txt")
    if slug == "gravesham":
        return civica_council_tax(folder, slug, f"{month:%Y%m}")
    if slug == "swale":
        return nec_council_tax(folder, slug, f"{month:%Y%m}")
    name = {"dartford": "Dartford", "tunbridge-wells": "Tunbridge Wells"}[slug]
    accounts = wide_council_tax(folder / f"Council Tax Extract - {name} - {month:%Y-%m}.csv")
    blocks = [block for row in accounts if "bad" not in row for block in row["blocks"]]
    return accounts, blocks


def cts(inbox: Path, slug: str, month: date, reissue: bool = True) -> list[Row]:
    """Return the awards of one made extract, the re-issue where there is one."""
    folder = inbox / slug
    if slug == "ashford":
        return academy_cts(folder, slug, f"{month:%Y%m}")
    if slug == "gravesham":
        return civica_cts(folder, slug, f"{month:%Y%m}")
    if slug == "swale":
        return nec_cts(folder, slug, f"{month:%Y%m}")
    if slug == "dartford":
        return wide_cts(folder / f"CTR Awards - Dartford - {month:%Y-%m}.csv")
    if slug == "tunbridge-wells":
        return workbook_cts(folder / f"tunbridge-wells-CTS-{month:%Y%m}.xlsx")
    again = folder / f"E07000112.CTS.{month:%Y%m}.R2.txt"
    return piped_cts(
        again if reissue and again.exists() else folder / f"E07000112.CTS.{month:%Y%m}.txt"
    )


def month_end(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])
