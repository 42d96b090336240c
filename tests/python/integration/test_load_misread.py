"""Values that would be read wrong in silence: each is set aside, or its file refused whole."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from test_layout_language import AWARD, FRAME, counts, home_with, landed, quarantined, send

from openlsi.extract.loading import load
from openlsi.home import Home

LAYOUT = (
    FRAME
    + """
files:
  list:
    pattern: "{slug}_{yyyymm}.csv"
    columns: [claim, account, born, charge, award, begins, ends]
records:
  award:
    from: list
    columns:"""
    + AWARD.replace("{constant: A1}", "{source: account, length: 9}")
    .replace('{constant: "1960-04-20"}', '{source: born, date_format: "%d/%m/%Y"}')
    .replace('weekly_council_tax_gbp: {constant: "30"}', "weekly_council_tax_gbp: {source: charge}")
    .replace('begins, date_format: "%Y-%m-%d"', 'begins, date_format: "%d/%m/%Y"')
)
HEADER = "claim,account,born,charge,award,begins,ends"
GOOD = [f"C{n},00000000{n},13/05/1960,30.00,10.00,0{n}/04/2026," for n in range(1, 10)]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return home_with(tmp_path, LAYOUT)


@pytest.mark.parametrize(
    ("row", "reason", "column", "shape", "pounds"),
    [
        # A spreadsheet has turned the claim's number into a float: its last digits are gone.
        ("1.00021E+11,000000001,13/05/1960,30.00,10.00,01/04/2026,",
         "bad_reference", "claim_key", "9.99999A+99", "10.00"),
        ("C1,1,13/05/1960,30.00,10.00,01/04/2026,", "bad_reference", "account_key", "9", "10.00"),
        ("C1,000000001,13/11/2026,30.00,10.00,01/04/2026,",
         "born_after_month", "claimant_age_at_month_end", "a date after the month", "10.00"),
        # Pence for pounds in both columns; a year's award beside a week's charge.
        ("C1,000000001,13/05/1960,3000.00,1000.00,01/04/2026,",
         "bad_number", "weekly_council_tax_gbp", "9999.99", "1000.00"),
        ("C1,000000001,13/05/1960,30.00,520.00,01/04/2026,",
         "above_limit", "weekly_award_gbp", "999.99", "520.00"),
        ("C1,000000001,13/05/60,30.00,10.00,01/04/2026,",
         "bad_date", "claimant_age_at_month_end", "99/99/99", "10.00"),
        ("C1,000000001,01/01/1900,30.00,10.00,01/04/2026,",
         "bad_date", "claimant_age_at_month_end", "99/99/9999", "10.00"),
    ],
)  # fmt: skip
def test_a_row_that_lost_or_changed_its_meaning_is_set_aside(
    home: Home, row: str, reason: str, column: str, shape: str, pounds: str
) -> None:
    send(home, "swale_202610.csv", HEADER, *GOOD[1:], row)
    report = load(home)
    assert report.refused == []
    assert counts(report) == [(10, 1, 8, 1, 0)]
    assert quarantined(home) == [(10, reason, column, shape, Decimal(pounds))]


def test_dates_with_the_month_first_refuse_the_file_for_the_others_would_be_taken_wrongly(
    home: Home,
) -> None:
    swapped = [f"C{n},00000000{n},05/{n + 12}/1960,30.00,10.00,01/04/2026," for n in range(1, 4)]
    send(home, "swale_202610.csv", HEADER, *swapped, *GOOD[3:])
    assert [str(one) for one in load(home).refused] == [
        "inbox/swale/swale_202610.csv: found 3 dates of claimant_age_at_month_end month first;"
        " expected day first, as 31/12/2026; ask the sender for one way throughout"
    ]


def test_a_file_most_of_whose_rows_are_at_fault_for_one_thing_is_refused(home: Home) -> None:
    pence = [f"C{n},{n:09},13/05/1960,3000.00,1000.00,01/04/2026," for n in range(11, 22)]
    send(home, "swale_202610.csv", HEADER, *pence, *GOOD)
    assert [str(one) for one in load(home).refused] == [
        "inbox/swale/swale_202610.csv: found 11 of 20 award rows at fault for"
        " weekly_council_tax_gbp (bad number, shaped as 9999.99); expected at most half of them"
        " for one thing; hold layout made_cts against the file"
    ]


@pytest.mark.parametrize(
    "written",
    ["C1\N{NO-BREAK SPACE}", "C\N{ZERO WIDTH SPACE}1", "\N{RIGHT-TO-LEFT OVERRIDE}C1"],
)
def test_characters_that_nobody_sees_make_no_other_reference(home: Home, written: str) -> None:
    send(home, "swale_202609.csv", HEADER, *GOOD)
    send(home, "swale_202610.csv", HEADER, GOOD[0].replace("C1", written), *GOOD[1:8])
    assert load(home).refused == []
    rows = landed(home)
    assert {row["claim_key"] for row in rows if row["month"].month == 10} < {
        row["claim_key"] for row in rows if row["month"].month == 9
    }


def test_an_old_end_mark_and_lines_that_end_in_cr_alone_are_read(home: Home) -> None:
    path = home.inbox / "swale" / "swale_202610.csv"
    path.write_bytes("\r".join([HEADER, *GOOD, ""]).encode() + b"\x1a")
    assert counts(load(home)) == [(10, 1, 9, 0, 0)]


def test_two_encodings_in_one_file_are_refused(tmp_path: Path) -> None:
    home = home_with(
        tmp_path, LAYOUT.replace("format: delimited", "format: delimited\nencoding: cp1252")
    )
    lines = [HEADER, "Zoë".join(GOOD[0].split("C1")), GOOD[1]]
    content = "\n".join(lines).encode("cp1252") + b"\n" + f"{GOOD[2]}Zoë\n".encode()
    (home.inbox / "swale" / "swale_202610.csv").write_bytes(content)
    assert [str(one) for one in load(home).refused] == [
        "inbox/swale/swale_202610.csv: found a row in UTF-8 (row 4) among rows in cp1252; expected"
        " one encoding, cp1252; ask the sender for it again"
    ]
