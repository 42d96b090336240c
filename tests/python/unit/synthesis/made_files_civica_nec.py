"""The plain reading of the Civica-like and the NEC-like files, for `made_files`."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal
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

BANDS = "A,B,C,D,E,F,G,H"


# --- quoted, with a title and a total -----------------------------------------------------------


def civica_rows(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    _title, header, *rest, total = rows
    assert total == ["TOTAL", str(len(rest))]
    return header, list(enumerate(rest, start=3))


def civica_day(text: str) -> Any:
    return day(text, "%d-%b-%Y") if text else OPEN


def _named(path: Path, number: int, values: list[str], header: list[str]) -> Row:
    named = dict(zip(header, values, strict=False))
    return {"file": path.name, "row": number, "values": values, "named": named}


def _whole(row: Row, header: list[str]) -> Row:
    if len(row["values"]) != len(header):
        raise BadRowError("field_count")
    named: Row = row["named"]
    return named


def civica_council_tax(folder: Path, slug: str, yyyymm: str) -> tuple[list[Row], list[Row]]:
    accounts = folder / f"CTAX_ACCOUNTS_{slug}_{yyyymm}.csv"
    balances = folder / f"CTAX_BALANCES_{slug}_{yyyymm}.csv"
    account_header, account_rows = civica_rows(accounts)
    balance_header, balance_rows = civica_rows(balances)

    def account(row: Row) -> None:
        named = _whole(row, account_header)
        row["key"] = required(named["Account Number"])
        row["from"], row["to"] = (civica_day(named[name]) for name in ("Liable From", "Liable To"))
        coded(named["Band"], BANDS)
        coded(named["Discount"], ",SPD,DISR1,DISR2,EMPTY")
        coded(named["Exemption"], ",EX-N,EX-U,EX-F,EX-E,EX-B")
        coded(named["Attachment"], ",AOE,AOB")
        period(row)

    names = (
        "Charge", "Discounts", "CTR", "Costs", "Receipts", "Receipts This Month", "Write Offs",
        "Write Offs This Month", "Due To Date", "Balance",
    )  # fmt: skip

    def balance(row: Row) -> None:
        row["control"] = (row["named"].get("Balance", ""), 1)
        named = _whole(row, balance_header)
        row["key"], row["year"] = required(named["Account Number"]), int(named["Year"][:4])
        for ours, theirs in zip(MONEY_COLUMNS, names, strict=True):
            row[ours] = money(named[theirs])
        coded(named["Recovery Stage"], ",REM1,REMF,SUMM,LORD,BAIL,ATTA,ARRG,CHGO")
        adds(row)

    return (
        checked(((_named(accounts, n, v, account_header), account) for n, v in account_rows),
                ("key",)),
        checked(((_named(balances, n, v, balance_header), balance) for n, v in balance_rows),
                ("key", "year")),
    )  # fmt: skip


def civica_cts(folder: Path, slug: str, yyyymm: str) -> list[Row]:
    path = folder / f"CTR_AWARDS_{slug}_{yyyymm}.csv"
    header, rows = civica_rows(path)

    def award(row: Row) -> None:
        named = row["named"]
        row["account"], row["claim"] = named.get("Account Number", ""), named["Claim Number"]
        named = _whole(row, header)
        required(row["claim"])
        row["from"], row["to"] = civica_day(required(named["From"])), civica_day(named["To"])
        period(row)
        money(named["Weekly Charge"])
        row["weekly"], row["late"] = money(named["Weekly CTR"]), money(named["Prior Adjustment"])
        row["posted"] = money(named["Credited This Month"])
        row["nino"], row["age_group"] = named["Claimant NINO"], named["Age Group"][:1]
        row["status"] = {"LIVE": "open", "SUSP": "held", "ENDED": "ended"}.get(named["Status"])
        if row["status"] is None:
            raise BadRowError("unknown_code")

    return checked(((_named(path, n, v, header), award) for n, v in rows), ("claim", "from"))


# --- pipes under a header, transactions apart ---------------------------------------------------


def nec_rows(path: Path) -> tuple[list[str], list[Row]]:
    header, *lines = [line.split("|") for line in path.read_text(encoding="utf-8").splitlines()]
    return header, [_named(path, n, values, header) for n, values in enumerate(lines, start=2)]


def nec_day(text: str) -> Any:
    return day(text, "%Y-%m-%d 00:00:00") if text else OPEN


def nec_council_tax(folder: Path, slug: str, yyyymm: str) -> tuple[list[Row], list[Row]]:
    headers, tables = {}, {}
    for name in ("accounts", "account_items", "properties", "charges", "transactions"):
        headers[name], tables[name] = nec_rows(folder / f"{slug}.ct_{name}.{yyyymm}.txt")
    places = {row["named"]["PROP_REF"]: row["named"] for row in tables["properties"]}
    items = {
        (row["named"]["ITEM"], row["named"]["ACC_REF"]): row["named"]["CODE"]
        for row in tables["account_items"]
    }
    posted: dict[tuple[str, str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 2)
    for row in tables["transactions"]:
        kind, account_ref, year, _, *amounts = row["values"]
        sums = posted[kind, account_ref, year]
        posted[kind, account_ref, year] = [
            total + money(amount) for total, amount in zip(sums, amounts, strict=True)
        ]

    def account(row: Row) -> None:
        named = _whole(row, headers["accounts"])
        row["key"] = required(named["ACC_REF"])
        if named["PROP_REF"] not in places:
            raise BadRowError("missing_lookup")
        coded(places[named["PROP_REF"]]["BAND"], BANDS)
        coded(items["DIS", row["key"]], "NIL,SOLE,DISR,NORES,VACANT")
        coded(named["PAYM_CODE"], "DDR,STO,CSH,DED")
        row["from"], row["to"] = nec_day(named["LIABLE_FROM"]), nec_day(named["LIABLE_TO"])
        period(row)

    def charge(row: Row) -> None:
        row["control"] = (row["named"].get("BALANCE", ""), 1)
        named = _whole(row, headers["charges"])
        row["key"], row["year"] = required(named["ACC_REF"]), int(named["FIN_YEAR"])
        for ours, theirs in (
            ("gross", "GROSS"), ("discount", "DISCOUNT"), ("ctr", "CTR"), ("due", "INST_DUE"),
            ("balance", "BALANCE"),
        ):  # fmt: skip
            row[ours] = money(named[theirs])
        of_year = (row["key"], named["FIN_YEAR"])
        row["paid"], row["paid_month"] = posted["REC", *of_year]
        row["write_off"], row["write_off_month"] = posted["WOF", *of_year]
        row["costs"] = posted["CST", *of_year][0]
        coded(named["REC_STAGE"], "NON,RM1,FIN,SUM,LOR,EAG,ATT,ARR,CHO")
        adds(row)

    return (
        checked(((row, account) for row in tables["accounts"]), ("key",)),
        checked(((row, charge) for row in tables["charges"]), ("key", "year")),
    )


def nec_cts(folder: Path, slug: str, yyyymm: str) -> list[Row]:
    _, claim_rows = nec_rows(folder / f"{slug}.ctr_claims.{yyyymm}.txt")
    _, person_rows = nec_rows(folder / f"{slug}.ctr_persons.{yyyymm}.txt")
    header, rows = nec_rows(folder / f"{slug}.ctr_awards.{yyyymm}.txt")
    claims = {row["named"]["CLAIM_REF"]: row["named"] for row in claim_rows}
    people = {
        row["named"]["CLAIM_REF"]: row["named"]
        for row in person_rows
        if row["named"]["ROLE"] == "CLMT"
    }

    def award(row: Row) -> None:
        row["claim"] = row["named"]["CLAIM_REF"]
        row["account"] = claims.get(row["claim"], {}).get("ACC_REF", "")
        named = _whole(row, header)
        row["from"] = nec_day(required(named["DATE_FROM"]))
        row["to"] = nec_day(named["DATE_TO"])
        period(row)
        claim = claims.get(row["claim"])
        if claim is None:
            raise BadRowError("missing_lookup")
        row["status"] = {"L": "open", "S": "held", "C": "ended"}.get(claim["STATUS"])
        if row["status"] is None:
            raise BadRowError("unknown_code")
        money(named["WEEK_LIABILITY"])
        row["weekly"], row["late"] = money(named["WEEK_AWARD"]), money(named["PRIOR_ADJ"])
        row["posted"], row["nino"] = money(named["POSTED"]), people[row["claim"]]["NINO"]
        row["age_group"] = "P" if claim["SCHEME"] == "PRESCRIBED" else "W"

    return checked(((row, award) for row in rows), ("claim", "from"))
