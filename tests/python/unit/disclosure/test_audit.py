"""The pipeline's own audit refuses each leak planted in what was published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hand_made import JUNE, MONTH, PEOPLE, PLACE, POUNDS, published, table, values

from openlsi.disclosure.audit import audit
from openlsi.disclosure.reading import load_specs
from openlsi.disclosure.rules import rules_for

WORKING = {
    "name": "working_count",
    "kind": "count",
    "source": "working",
    "subset_of": "people_count",
}
NEW = {"name": "new_gbp", "kind": "pounds", "source": "new", "count": "people_count"}
LATE = {"name": "late_gbp", "kind": "pounds", "source": "late", "count": "working_count"}
COLUMNS = (
    MONTH,
    PEOPLE,
    WORKING,
    POUNDS,
    NEW,
    LATE,
    {"name": "to_date_gbp", "kind": "pounds", "source": "to_date", "count": "people_count",
     "runs_up": {"of": "spent_gbp"}},
    {"name": "each_gbp", "kind": "average", "pounds": "spent_gbp", "count": "people_count"},
    {"name": "working_ratio", "kind": "rate", "numerator": "working_count",
     "denominator": "people_count"},
    {"name": "change_count", "kind": "change", "of": "people_count", "months": 1},
    {"name": "idle_count", "kind": "difference", "of": "people_count", "less": "working_count"},
    {"name": "idle_ratio", "kind": "difference", "of": "people_count", "less": "working_count",
     "relative": True},
)  # fmt: skip
SUMMED = {
    "table": "county",
    "match": {"month": "month"},
    "columns": ["people_count", "working_count", "spent_gbp"],
}
ROW = {"total": "spent_gbp", "parts": ["new_gbp", "late_gbp"]}
TABLES = (
    table("county", *COLUMNS, row_sums=[ROW]),
    table("district", PLACE, *COLUMNS, row_sums=[ROW], adds_to=[SUMMED]),
)
MAY = date(2026, 5, 1)
FIGURES = [
    ("A", MAY, 7, 3, 40000, 30000, 10000, 80000), ("B", MAY, 12, 0, 50000, 40000, 10000, 90000),
    ("C", MAY, 60, 30, 90000, 70000, 20000, 190000),
    ("A", JUNE, 20, 10, 40000, 20000, 20000, 120000),
    ("B", JUNE, 30, 0, 50000, 50000, 0, 140000), ("C", JUNE, 70, 30, 90000, 60000, 30000, 280000),
]  # fmt: skip
NAMES = ("place", "month", "people", "working", "spent", "new", "late", "to_date")


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    county = (
        f"select month, {', '.join(f'cast(sum({n}) as bigint) as {n}' for n in NAMES[2:])} "
        f"from ({values(FIGURES, *NAMES)}) group by month"
    )
    metrics = {"district": values(FIGURES, *NAMES), "county": county}
    with published(tmp_path, metrics, *TABLES) as made:
        yield made


def refusals(con: duckdb.DuckDBPyConnection, folder: Path) -> set[tuple[str, str]]:
    specs = load_specs(sorted(folder.glob("*.yml")))
    return {(found.column, found.why) for found in audit(con, specs, rules_for("public"))}


def test_what_the_module_publishes_is_not_refused(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    assert refusals(con, tmp_path) == set()
    assert con.execute(
        "select count(*) from published.district where people_count_mark = 'c'"
    ).fetchone() == (2,)


A_MAY = "place = 'A' and month = '2026-05-01'"
B_MAY = "place = 'B' and month = '2026-05-01'"
C_JUNE = "place = 'C' and month = '2026-06-01'"
UNSAFE = "not rounded, or too small to show"
LONE = "the only hidden cell of a total and its parts"
LEAKS = {
    "a small count": (
        f"people_count = 5, people_count_mark = null where {A_MAY}", "people_count", UNSAFE),
    "a count that is not rounded": (f"people_count = 71 where {C_JUNE}", "people_count", UNSAFE),
    "pounds that are not rounded": (f"spent_gbp = 90500 where {C_JUNE}", "spent_gbp", UNSAFE),
    "a value beside a mark": (
        f"people_count_mark = 'c' where {C_JUNE}", "people_count", "a value and its mark disagree"),
    "pounds without their count": (
        f"spent_gbp = 40000, spent_gbp_mark = null where {A_MAY}", "spent_gbp",
        "pounds without their count"),
    "a lone hidden count": (
        f"people_count = 10, people_count_mark = null where {B_MAY}", "people_count", LONE),
    "a year to date after a hidden month": (
        "to_date_gbp = 120000, to_date_gbp_mark = null where place = 'A' and month = '2026-06-01'",
        None, None),
    "nought of a hidden whole": (
        f"working_count = 0, working_count_mark = null where {B_MAY}", "working_count",
        "nought of a hidden total"),
    "an average of a hidden count": (
        f"each_gbp = 5714, each_gbp_mark = null where {A_MAY}", "each_gbp",
        "shown while people_count is hidden"),
    "an average of exact figures": (
        f"each_gbp = each_gbp + 2 where {C_JUNE}", "each_gbp",
        "not spent_gbp ÷ people_count as published"),
    "a rate of exact figures": (
        f"working_ratio = working_ratio + 0.01 where {C_JUNE}", "working_ratio",
        "not working_count ÷ people_count as published"),
    "a change from a hidden count": (
        "change_count = 12, change_count_mark = null where place = 'A' and month = '2026-06-01'",
        "change_count", "not people_count less its value 1 month before as published"),
    "a difference from a hidden count": (
        f"idle_count = 4, idle_count_mark = null where {A_MAY}", "idle_count",
        "shown while people_count is hidden"),
    "a difference of exact figures": (
        f"idle_count = idle_count + 1 where {C_JUNE}", "idle_count",
        "not people_count less working_count as published"),
    "a relative difference of exact figures": (
        f"idle_ratio = idle_ratio + 0.01 where {C_JUNE}", "idle_ratio",
        "not people_count less working_count as published"),
    "a share of nobody in a small group": (
        "people_count = 15, working_count = 0, working_ratio = 0, working_ratio_mark = null, "
        "working_count_mark = null where place = 'B' and month = '2026-06-01'", "working_ratio",
        "none or all of fewer than 20"),
    "a change of exact counts": (
        f"change_count = change_count + 1 where {C_JUNE}", "change_count",
        "not people_count less its value 1 month before as published"),
}  # fmt: skip


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.replace(" ", "_"))
def test_a_planted_leak_is_refused(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, leak: str
) -> None:
    update, column, why = LEAKS[leak]
    con.execute(f"update published.district set {update}")
    told = refusals(con, tmp_path)
    if column is None:
        assert told
    else:
        assert (column, why) in told
