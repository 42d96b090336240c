"""Bad rows: where each stands, what is wrong with it, and that rows and pounds still add up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from load_homes import rows_and_pounds_add_up
from made_extracts import Award, Month, a_month, academy, piped, wide, workbook

from openlsi.extract.loading import load
from openlsi.home import Home
from openlsi.identity.keys import DistrictKeys, master_key
from openlsi.identity.vault import Vault

BALANCE = Decimal("765.44")
# row, record, column, kind of value, reason, pounds
Found = tuple[int, str, str | None, str, str, Decimal | None]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def load_one(home: Home) -> dict[str, Any]:
    """Load and return the ledger's event of the one delivery that has rows set aside."""
    report = load(home)
    assert report.refused == []
    (event,) = [event for event in report.accepted if event["quarantined_rows"]]
    assert rows_and_pounds_add_up(event)
    return event


def set_aside(home: Home, event: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the quarantined rows of an extract: file and row first."""
    (path,) = home.quarantine.rglob(f"{event['extract_id']}.parquet")
    rows = pq.read_table(path).to_pylist()
    assert {row["district_code"] for row in rows} == {event["district_code"]}
    names = ("file_name", "source_row", "record", "column_name", "value_kind", "reason", "gbp")
    return [tuple(row[name] for name in names) for row in rows]


def raw_rows(home: Home, slug: str, event: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the raw rows that the vault keeps of an extract."""
    keys = DistrictKeys(master_key(home, is_demo=True), event["district_code"], "k1")
    tables = Vault(home.vault / slug, keys).open(event["extract_id"])
    rows: list[dict[str, Any]] = tables["quarantined_rows"].to_pylist()
    return rows


def fields_changed(path: Path, changes: dict[int, dict[int, str]], delimiter: str) -> None:
    """Change fields of a file's physical rows: row → field → text."""
    lines = path.read_bytes().decode("cp1252").split("\r\n" if delimiter == "|" else "\n")
    for row, fields in changes.items():
        parts = lines[row - 1].split(delimiter)
        for place, text in fields.items():
            parts[place] = text
        lines[row - 1] = delimiter.join(parts)
    end = "\r\n" if delimiter == "|" else "\n"
    path.write_bytes(end.join(lines).encode("cp1252"))


def test_each_kind_of_fault_in_a_piped_file(home: Home) -> None:
    made = a_month(rows=14)
    for at, account in enumerate(made.accounts):
        made.accounts[at] = type(account)(**(account.__dict__ | {"forenames": "Zoe"}))
    path = piped(home.inbox / "sevenoaks", "E07000111", made)
    # Account n stands in row 2n and its balance in row 2n + 1; the tag is field 0.
    fields_changed(
        path,
        {
            2: {1: ""},
            4: {12: "20190431"},
            6: {12: "20190401", 13: "20180331"},
            8: {10: "Z"},
            10: {17: "00001"},
            12: {15: "é", 16: "DD"},
            5: {12: "12x"},
            7: {11: "120000", 3: "200001"},
            9: {13: "9"},
            11: {2: "26"},
            13: {3: "1,000"},
            15: {7: "", 8: ""},
        },
        "|",
    )
    lines = path.read_bytes().decode("cp1252").split("\r\n")
    lines[16] = lines[16].rsplit("|", 1)[0]
    lines[18] = lines[20]
    lines.insert(29, "Q" + lines[22][1:])
    path.write_bytes("\r\n".join(lines).encode())

    event = load_one(home)
    gone, kept = None, BALANCE
    expected: list[Found] = [
        (2, "account", "account_key", "empty", "missing_required", None),
        (4, "account", "liability_start_date", "99999999", "bad_date", None),
        (5, "balance", "balance_gbp", "99A", "bad_number", gone),
        (6, "account", "liability_end_date", "99999999", "end_before_start", None),
        (7, "balance", "balance_gbp", "99999", "does_not_add", kept),
        (8, "account", "band", "A", "unknown_code", None),
        (9, "balance", "recovery_stage", "9", "unknown_code", kept),
        (10, "account", "has_deceased_marker", "99999", "unknown_code", None),
        (11, "balance", "liability_year", "99", "bad_date", kept),
        (12, "account", "exemption_class", "A", "unknown_code", None),
        (13, "balance", "gross_charge_gbp", "9,999", "bad_number", kept),
        (15, "balance", "receipts_gbp", "empty", "missing_required", kept),
        (17, "balance", None, "13 fields, expected 14", "field_count", gone),
        # Row 19 says what row 21 says: the first of them stays.
        (21, "balance", "account_key", "repeated key", "duplicate_key", kept),
        (30, "unknown", "record type", "unknown tag", "unknown_code", gone),
    ]
    assert set_aside(home, event) == [(path.name, *row) for row in expected]
    counts = {name: event[f"{name}_rows"] for name in ("physical", "structural", "accepted")}
    assert counts == {"physical": 31, "structural": 2, "accepted": 14}
    assert Decimal(event["quarantined_gbp"]) == 6 * BALANCE
    assert Decimal(event["accepted_gbp"]) == 6 * BALANCE
    # Two balances cannot be read, and the trailer says what they come to.
    assert Decimal(event["unreadable_gbp"]) == 2 * BALANCE

    kept_raw = raw_rows(home, "sevenoaks", event)
    assert {row["source_row"] for row in kept_raw} == {row for row, *_ in expected}
    assert any("20190431" in row["text"] for row in kept_raw)
    everywhere_else = b"".join(
        file.read_bytes()
        for folder in (home.quarantine, home.ledger.parent)
        for file in folder.rglob("*")
        if file.is_file()
    )
    assert b"20190431" not in everywhere_else


def test_faults_in_a_wide_row_set_the_whole_row_aside_once(home: Home) -> None:
    made = a_month(rows=9)
    path = wide(home.inbox / "dartford", "Dartford", made)
    lines = path.read_bytes().decode("cp1252").split("\n")
    lines[1] = lines[1].replace("01/04/2019", "31/04/2019")
    lines[2] = lines[2].replace("£765.44", "£765.4.4")
    lines[3] = lines[3].replace("Zoë", 'Zo"ë')
    lines[4] = lines[4] + ",,"
    lines[5] = lines[5].replace("2026/27", "2026/28").replace("SEN;ANON", "SEN;XX")
    lines[6] = lines[7]
    path.write_bytes("\n".join(lines).encode("cp1252"))
    event = load_one(home)
    expected: list[Found] = [
        (2, "account", "liability_start_date", "99/99/9999", "bad_date", BALANCE),
        (3, "account", "balance_gbp", "£999.9.9", "bad_number", None),
        (
            4, "account", None, "quotation marks or line ends inside a row", "field_count", None,
        ),
        (5, "account", None, "67 fields, expected 65", "field_count", None),
        (6, "account", "has_deceased_marker", "AAA;AA", "unknown_code", BALANCE),
        (8, "account", "account_key", "repeated key", "duplicate_key", BALANCE),
    ]  # fmt: skip
    assert set_aside(home, event) == [(path.name, *row) for row in expected]
    assert (event["physical_rows"], event["structural_rows"]) == (10, 1)
    assert (event["accepted_rows"], event["quarantined_rows"]) == (3, 6)
    assert Decimal(event["accepted_gbp"]) == 3 * BALANCE
    assert Decimal(event["quarantined_gbp"]) == 3 * BALANCE
    assert [(one["record"], one["rows"]) for one in event["records"]] == [
        ("account", 3),
        ("balance", 3),
    ]


def test_a_fault_in_a_table_that_is_looked_up_is_placed_there(home: Home) -> None:
    tables = academy(home.inbox / "ashford", "ashford", a_month(rows=8))

    def changed(table: str, change: Callable[[list[str]], object]) -> None:
        lines = tables[table].read_text(encoding="utf-8").splitlines()
        change(lines)
        tables[table].write_text("\n".join(lines) + "\n", encoding="utf-8")

    # Account 1 has no occupation, account 2 has two, property 3 a band that is none.
    changed("ctoccupation", lambda lines: lines.pop(1))
    changed("ctoccupation", lambda lines: lines.append(lines[1]))
    changed("ctproperty", lambda lines: lines.__setitem__(3, lines[3].replace(",C,", ",J,")))
    changed("ctnotice", lambda lines: lines.__setitem__(5, lines[5].replace("865.44", "7e2")))
    event = load_one(home)
    names = {table: path.name for table, path in tables.items()}
    expected = [
        (
            names["ctaccount"],
            2,
            "account",
            "account_key",
            "no matching row",
            "missing_lookup",
            None,
        ),
        (names["ctaccount"], 3, "account", "account_key", "several rows", "duplicate_key", None),
        # A bad notice sets aside its whole year of account.
        (names["ctnotice"], 6, "balance", "balance_gbp", "9A9", "bad_number", None),
        (names["ctnotice"], 7, "balance", "balance_gbp", "9A9", "bad_number", None),
        (names["ctproperty"], 4, "account", "band", "A", "unknown_code", None),
    ]
    assert sorted(set_aside(home, event), key=repr) == sorted(expected, key=repr)
    assert event["quarantined_rows"] == 5
    assert Decimal(event["accepted_gbp"]) == 7 * BALANCE


def test_each_kind_of_fault_in_a_workbook(home: Home) -> None:
    made = Month(awards=[Award(f"{1000000 + n}", f"{500000000 + n}") for n in range(10)])
    path = workbook(home.inbox / "tunbridge-wells", "tunbridge-wells", made)
    book = openpyxl.load_workbook(path)
    changes: dict[str, Any] = {
        "R5": "twenty", "S6": "31/02/2025", "A7": None, "R8": -1, "R9": 23.456, "U10": "Dead",
        "T11": datetime(2020, 1, 1), "A12": "1000008", "N13": 1.5,
    }  # fmt: skip
    for cell, value in changes.items():
        book["Awards"][cell] = value
    book.save(path)
    event = load_one(home)
    weekly = Decimal("23.45")
    expected: list[Found] = [
        (5, "award", "weekly_award_gbp", "AAAAAA", "bad_number", None),
        (6, "award", "award_from", "99/99/9999", "bad_date", weekly),
        (7, "award", "claim_key", "empty", "missing_required", weekly),
        (8, "award", "weekly_award_gbp", "-9", "bad_number", None),
        (9, "award", "weekly_award_gbp", "99.999", "bad_number", None),
        (10, "award", "award_status", "AAAA", "unknown_code", weekly),
        (11, "award", "award_to", "9999-99-99", "end_before_start", weekly),
        (13, "award", "dependant_count", "9.9", "bad_number", weekly),
    ]
    # Row 12 repeats the claim of row 13, which is set aside for its own fault: 12 stays.
    assert set_aside(home, event) == [(path.name, *row) for row in expected]
    assert (event["physical_rows"], event["structural_rows"]) == (14, 4)
    assert (event["accepted_rows"], event["quarantined_rows"]) == (2, 8)
    assert Decimal(event["accepted_gbp"]) == 2 * weekly
    assert Decimal(event["quarantined_gbp"]) == 5 * weekly
