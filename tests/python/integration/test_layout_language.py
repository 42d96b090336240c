"""What a layout can say of a file, on files made here: kinds of rows, widths, sums, histories."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from openlsi.config import ConfigurationError
from openlsi.config.county import default_file
from openlsi.extract.chain import Ledger
from openlsi.extract.ledger import accepted_extracts, landing_files
from openlsi.extract.loading import LoadReport, load
from openlsi.home import Home

AWARD = """
      claim_ref: {source: claim}
      account_ref: {constant: A1}
      claimant_surname: {constant: Made}
      claimant_birth_date: {constant: "1960-04-20"}
      cts_age_group: {constant: working}
      is_on_uc: {constant: "N"}
      is_passported: {constant: "N"}
      dependant_count: {constant: "0"}
      non_dependant_count: {constant: "0"}
      weekly_council_tax_gbp: {constant: "30"}
      weekly_award_gbp: {source: award}
      award_from: {source: begins, date_format: "%Y-%m-%d"}
      award_to: {source: ends, date_format: "%Y-%m-%d"}
      award_status: {constant: in_payment}
      posted_credit_gbp: {constant: "0"}
      retrospective_adjustment_gbp: {constant: "0"}
"""
FRAME = """
layout: made_cts
feed: cts
title: A layout made for a test
format: delimited
booleans: {is_true: ["Y"], is_false: ["N"]}
"""
PLAIN = (
    FRAME
    + """
files:
  list:
    pattern: "{slug}_{yyyymm}.csv"
    columns: [claim, award, begins]
    optional_columns: [ends]
    also_called: {award: [Weekly CTR]}
records:
  award:
    from: list
    columns:"""
    + AWARD
)
HISTORY = (
    FRAME
    + """
mode: history
covers_months: 3
files:
  list:
    pattern: "{slug}_{yyyymm}_{produced}.csv"
    columns: [claim, award, begins, ends]
records:
  award:
    from: list
    history: {from: award_from, to: award_to}
    columns:"""
    + AWARD
)
KINDS = (
    FRAME
    + """
files:
  file:
    pattern: "{slug}_{yyyymm}.csv"
    columns: [kind, claim, award, begins, ends]
    row_types:
      column: kind
      tables: {head: [D], part: [S]}
      ignored: [A, P]
      children: {part: head}
records:
  award:
    from: part
    lookups:
      - {table: head, match: {row_id: parent_row_id, claim: claim}, column: claim_key}
    columns:"""
    + AWARD
)
SUMMED = (
    FRAME
    + """
files:
  list:
    pattern: "{slug}_{yyyymm}.csv"
    columns: [claim, part, begins, ends, seen]
summed:
  awards:
    from: list
    by: [claim, begins]
    sum: [part]
    count: parts
    last: {ends: seen}
records:
  award:
    from: awards
    columns:"""
    + AWARD.replace("source: award}", "source: part}").replace(
        'dependant_count: {constant: "0"}', "dependant_count: {source: parts}", 1
    )
)


def home_with(tmp_path: Path, layout: str) -> Home:
    home = Home(tmp_path / "home")
    (home.config / "layouts").mkdir(parents=True)
    (home.config / "layouts" / "made_cts.yml").write_text(layout, encoding="utf-8")
    districts = yaml.safe_load(default_file("districts.yml").read_text(encoding="utf-8"))
    for district in districts["districts"]:
        if district["slug"] == "swale":
            district["feeds"] = {"cts": "made_cts"}
    (home.config / "districts.yml").write_text(yaml.safe_dump(districts))
    (home.inbox / "swale").mkdir(parents=True)
    return home


def send(home: Home, name: str, *lines: str) -> None:
    (home.inbox / "swale" / name).write_text("".join(f"{line}\n" for line in lines))


def landed(home: Home) -> list[dict[str, Any]]:
    files = landing_files(home)["cts", "award"]
    rows: list[dict[str, Any]] = (
        duckdb.sql(
            "select month, source_row, weekly_award_gbp, award_from, award_to, dependant_count,"
            f" extract_id, claim_key from read_parquet({files!r}) order by month, source_row"
        )
        .to_arrow_table()
        .to_pylist()
    )
    return rows


def quarantined(home: Home) -> list[tuple[Any, ...]]:
    return duckdb.sql(
        "select source_row, reason, column_name, value_kind, gbp"
        f" from read_parquet('{home.quarantine}/**/*.parquet', hive_partitioning = false)"
        " order by source_row"
    ).fetchall()


def counts(report: LoadReport) -> list[tuple[int, ...]]:
    names = ("physical", "structural", "accepted", "quarantined", "other_month")
    return [tuple(event[f"{name}_rows"] for name in names) for event in report.accepted]


def test_an_older_width_and_another_name_of_a_column_are_read_as_the_layout_says(
    tmp_path: Path,
) -> None:
    home = home_with(tmp_path, PLAIN)
    send(home, "swale_202608.csv", "claim,award,begins", "C1,10.00,2026-04-01")
    send(home, "swale_202609.csv", "ends,claim,award,begins", "2026-09-20,C1,11.00,2026-04-01")
    send(home, "swale_202610.csv", "begins,Weekly CTR,claim", "2026-04-01,12.00,C1")
    assert load(home).refused == []
    assert [(row["weekly_award_gbp"], row["award_to"]) for row in landed(home)] == [
        (Decimal("10.00"), None),
        (Decimal("11.00"), date(2026, 9, 20)),
        (Decimal("12.00"), None),
    ]


def test_both_names_of_a_column_in_one_header_are_refused(tmp_path: Path) -> None:
    home = home_with(tmp_path, PLAIN)
    send(home, "swale_202608.csv", "claim,award,Weekly CTR,begins", "C1,10.00,11.00,2026-04-01")
    assert [str(one) for one in load(home).refused] == [
        "inbox/swale/swale_202608.csv: found column award more than once in row 1; expected each"
        " column once; ask the sender which to use"
    ]


def test_rows_of_several_kinds_and_those_that_hang_below_another(tmp_path: Path) -> None:
    home = home_with(tmp_path, KINDS)
    send(
        home, "swale_202610.csv",
        "kind,claim,award,begins,ends",
        "S,C0,1.00,2026-04-01,",  # hangs below nothing
        "A,C1,x,x,x",
        "D,C1,,,",
        "S,C1,10.00,2026-04-01,",
        "P,,,,",
        "S,C1,11.00,2026-05-01,",
        "D,C2,,,,",  # a field too many: what follows is not C1's
        "S,C2,12.00,2026-04-01,",
        "D,C3,,,",
        "S,C9,13.00,2026-04-01,",  # another claim's row above it
        "X,C1,1.00,2026-04-01,",
    )  # fmt: skip
    report = load(home)
    assert report.refused == []
    # Header, two kinds that are not taken; C1, C3 and the two rows below C1; the rest set aside.
    assert counts(report) == [(12, 3, 4, 5, 0)]
    assert [row["source_row"] for row in landed(home)] == [5, 7]
    assert quarantined(home) == [
        (2, "missing_lookup", "claim_key", "no matching row", Decimal("1.00")),
        (8, "field_count", None, "6 fields, expected 5", None),
        (9, "missing_lookup", "claim_key", "no matching row", Decimal("12.00")),
        (11, "missing_lookup", "claim_key", "no matching row", Decimal("13.00")),
        (12, "unknown_code", "record type", "unknown tag", None),
    ]


TOTALLED = KINDS.replace("ignored: [A, P]", "ignored: [A, P]\n      total: TOTAL")


_NO_TOTAL = (
    "found no row TOTAL at its end; expected a last row TOTAL with the number of rows; the file"
    " was cut short: ask the sender for it again"
)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["D,C1,,,", "S,C1,10.00,2026-04-01,"], _NO_TOTAL),
        (["D,C1,,,", "TOTAL,"], _NO_TOTAL),
        (["D,C1,,,", "TOTAL,2"],
         "found 1 row; expected 2 by its row TOTAL; the file was cut short or changed: ask the"
         " sender for it again"),
        (["D,C1,,,", "S,C1,10.00,2026-04-01,", "TOTAL,1"],
         "found 2 rows; expected 1 by its row TOTAL; the file was cut short or changed: ask the"
         " sender for it again"),
        (["TOTAL,0"],
         "found no rows under the header; expected rows; ask the sender for it again"),
    ],
)  # fmt: skip
def test_a_file_that_its_last_row_counts_otherwise_is_refused(
    tmp_path: Path, rows: list[str], said: str
) -> None:
    home = home_with(tmp_path, TOTALLED)
    send(home, "swale_202610.csv", "kind,claim,award,begins,ends", *rows)
    assert [str(one) for one in load(home).refused] == [f"inbox/swale/swale_202610.csv: {said}"]


def test_rows_that_cannot_be_told_apart_count_for_a_row_of_totals_and_are_set_aside(
    tmp_path: Path,
) -> None:
    home = home_with(tmp_path, TOTALLED)
    send(
        home, "swale_202610.csv",
        "kind,claim,award,begins,ends",
        "D,C1,,,",
        "S,C1,10.00,2026-04-01,",
        "D,C3,,,",
        "S,C3,12.00,2026-04-01,",
        "D,C2,,,,",  # a field too many
        "?,C2,11.00,2026-04-01,",  # its kind is lost; the total counts it
        "TOTAL,7",  # not the last: a row like any other, which the total does not count
        "TOTAL,6",
    )  # fmt: skip
    report = load(home)
    assert report.refused == []
    assert counts(report) == [(9, 2, 4, 3, 0)]
    assert [row[:2] for row in quarantined(home)] == [
        (6, "field_count"), (7, "unknown_code"), (8, "unknown_code"),
    ]  # fmt: skip


def test_only_a_file_of_what_a_month_may_be_without_may_be_empty(tmp_path: Path) -> None:
    layout = KINDS.replace("    columns: [kind", "    may_be_empty: true\n    columns: [kind")
    home = home_with(tmp_path, layout)
    with pytest.raises(ConfigurationError) as refused:
        load(home)
    path = home.config / "layouts" / "made_cts.yml"
    assert str(refused.value) == f"{path}: file: may_be_empty, but every month has rows of award"


def test_rows_are_added_up_by_key_and_set_aside_together(tmp_path: Path) -> None:
    home = home_with(tmp_path, SUMMED)
    send(
        home, "swale_202610.csv",
        "claim,part,begins,ends,seen",
        "C1,10.00,2026-04-01,2026-10-09,2026-09-01",
        "C2,5.00,2026-04-01,,2026-09-01",
        "C1,-2.50,2026-04-01,2026-10-31,2026-10-01",
        "C2,#REF!,2026-04-01,,2026-09-02",
        "C1,1.00,2026-05-01,,2026-09-01",
        "C3,,2026-05-01,,2026-09-01",
    )  # fmt: skip
    report = load(home)
    assert report.refused == []
    assert counts(report) == [(7, 1, 3, 3, 0)]
    (event,) = report.accepted
    assert (event["accepted_gbp"], event["quarantined_gbp"]) == ("8.50", "0.00")
    rows = landed(home)
    assert [(row["source_row"], row["weekly_award_gbp"]) for row in rows] == [
        (2, Decimal("7.50")),
        (6, Decimal("1.00")),
    ]
    # The latest of the rows says when it ends; two rows were added up.
    assert (rows[0]["award_to"], rows[0]["dependant_count"]) == (date(2026, 10, 31), 2)
    assert quarantined(home) == [
        (3, "bad_number", "weekly_award_gbp", "#AAA!", None),
        (5, "bad_number", "weekly_award_gbp", "#AAA!", None),
        (7, "missing_required", "weekly_award_gbp", "empty", None),
    ]


FILES = {
    "08": ["C1,10.00,2026-04-01,", "C2,20.00,2026-06-01,2026-07-31"],
    "09": [
        "C1,10.00,2026-04-01,2026-08-31",
        "C1,12.00,2026-09-01,",
        "C9,1.00,2026-01-01,2026-02-01",
    ],
    "10": ["C1,11.00,2026-04-01,2026-08-31", "C1,12.00,2026-09-01,"],
}


def send_history(home: Home, month: str) -> None:
    name = f"swale_2026{month}_2026{month}28T060000.csv"
    send(home, name, "claim,award,begins,ends", *FILES[month])


def in_force(home: Home) -> list[tuple[str, Decimal, int]]:
    extracts = [row for row in accepted_extracts(home).to_pylist() if row["is_in_force"]]
    ids = {row["extract_id"] for row in extracts}
    return [
        (f"{row['month']:%m}", row["weekly_award_gbp"], row["source_row"])
        for row in landed(home)
        if row["extract_id"] in ids
    ]


AS_KNOWN_LAST = [
    ("06", Decimal("10.00"), 2),
    ("06", Decimal("20.00"), 3),
    ("07", Decimal("10.00"), 2),
    ("08", Decimal("11.00"), 2),
    ("09", Decimal("12.00"), 3),
    ("10", Decimal("12.00"), 3),
]


@pytest.mark.parametrize("order", [["08", "09", "10"], ["10", "08", "09"], ["09", "10", "08"]])
def test_a_history_restates_its_months_in_the_senders_order_whatever_the_order_of_loading(
    tmp_path: Path, order: list[str]
) -> None:
    home = home_with(tmp_path, HISTORY)
    for month in order:
        send_history(home, month)
        assert load(home).refused == []
    # C2's July was restated by September's file, which no longer knows of it.
    assert in_force(home) == AS_KNOWN_LAST
    again = load(home)
    assert (again.accepted, again.refused, again.unchanged) == ([], [], 3)


def test_every_row_of_a_history_is_accounted_for_once(tmp_path: Path) -> None:
    home = home_with(tmp_path, HISTORY)
    send_history(home, "09")
    report = load(home)
    # Header; C1's open row holds in September; its earlier one and C9's hold in other months only.
    assert counts(report) == [(4, 1, 1, 0, 2)]
    (event,) = report.accepted
    assert (event["accepted_gbp"], event["other_month_gbp"]) == ("12.00", "11.00")
    restated = [entry for entry in Ledger.read(home).accepted() if "restated_by" in entry]
    assert [(e["month"], e["accepted_rows"], e["accepted_gbp"]) for e in restated] == [
        ("2026-07-01", 1, "10.00"),
        ("2026-08-01", 1, "10.00"),
    ]


def test_a_history_that_does_not_say_when_it_was_made_is_refused(tmp_path: Path) -> None:
    home = home_with(tmp_path, HISTORY.replace("_{produced}", ""))
    send(home, "swale_202608.csv", "claim,award,begins,ends", *FILES["08"])
    assert [str(one) for one in load(home).refused] == [
        "inbox/swale/swale_202608.csv: found a history without its time of production; expected a"
        " time such as 20261101T093000 in its name or header line; ask the sender for it, and say"
        " {produced} in the pattern of layout made_cts"
    ]
    assert Ledger.read(home).accepted() == []
