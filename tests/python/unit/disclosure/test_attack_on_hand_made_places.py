"""Published tables made by hand, in which somebody forgot to hide a second cell."""

from __future__ import annotations

from datetime import date
from typing import Any

import attacker
import duckdb
import pytest

JUNE = date(2026, 6, 1)
# Table → its columns that are keys, and its figure.
COLUMNS = {
    "ward_cts_month": ("district_code, ward_key, month", "caseload_count"),
    "district_cts_month": ("district_code, month", "caseload_count"),
    "ward_council_tax_month": ("district_code, ward_key, month", "overdue_gbp"),
    "district_council_tax_month": ("district_code, month", "overdue_gbp"),
    "county_council_tax_month": ("month", "overdue_gbp"),
    "new_council_council_tax_month": (
        "place_key, month, first_council_key, second_council_key, third_council_key",
        "overdue_gbp",
    ),
    "county_household_debt_month": (
        "month, debt_type",
        "owed_gbp, household_owed_gbp, unlinked_gbp",
    ),
    "county_debt_stage_month": ("month, debt_type, recovery_stage", "owed_gbp"),
    "county_debt_overlap_month": (
        "month",
        "rent_household_count, rent_alone_count, both_count",
    ),
}
HIDDEN = None


def publish(con: duckdb.DuckDBPyConnection, **tables: list[tuple[Any, ...]]) -> None:
    """Write tables of keys and figures to schema `published`; a figure of None is hidden."""
    con.execute("create schema published")
    for table, rows in tables.items():
        keys, figures = (text.split(", ") for text in COLUMNS[table])
        typed = [f"{name} {'date' if name == 'month' else 'varchar'}" for name in keys]
        marked = [f"{name} bigint, {name}_mark varchar" for name in figures]
        con.execute(f"create table published.{table} ({', '.join(typed + marked)})")
        for row in rows:
            told = list(row[: len(keys)])
            for figure in row[len(keys) :]:
                told += [figure, "c" if figure is HIDDEN else None]
            con.execute(f"insert into published.{table} values ({', '.join('?' * len(told))})",
                        told)  # fmt: skip


WARDS_BY_COUNT = {
    "district_cts_month": [("D", JUNE, 10)],
    "ward_cts_month": [("D", "A", JUNE, 10), ("D", "others in D", JUNE, HIDDEN)],
}
WARDS_BY_POUNDS = {
    "district_council_tax_month": [("D", JUNE, 50_000)],
    "ward_council_tax_month": [("D", "A", JUNE, 20_000), ("D", "B", JUNE, HIDDEN)],
}
# E and F stay together nowhere: F is what the first option's north has and the second's has not.
MEMBERS = [
    ("1 North", "1", "D"), ("1 North", "1", "F"), ("1 South", "1", "E"),
    ("2 North", "2", "D"), ("2 South", "2", "E"), ("2 South", "2", "F"),
]  # fmt: skip
DISTRICTS = [("D", JUNE, 50_000), ("E", JUNE, HIDDEN), ("F", JUNE, HIDDEN)]
COUNCILS = {
    "district_council_tax_month": DISTRICTS,
    "new_council_council_tax_month": [
        ("1 North", JUNE, None, None, None, 90_000), ("1 South", JUNE, None, None, None, HIDDEN),
        ("2 North", JUNE, None, None, None, 50_000), ("2 South", JUNE, None, None, None, 110_000),
    ],
}  # fmt: skip
OPTION = {
    "county_council_tax_month": [(JUNE, 160_000)],
    "new_council_council_tax_month": [
        ("1 North", JUNE, None, None, None, 90_000), ("1 South", JUNE, None, None, None, HIDDEN),
    ],
}  # fmt: skip
DEBTS = {
    "county_household_debt_month": [(JUNE, "rent", 90_000, 60_000, HIDDEN)],
    "county_debt_stage_month": [(JUNE, "rent", "contact", 90_000)],
}
TWICE = {
    "county_council_tax_month": [(JUNE, 90_000)],
    "county_household_debt_month": [(JUNE, "council_tax", HIDDEN, HIDDEN, HIDDEN)],
}
STAGES = {
    "county_household_debt_month": [(JUNE, "rent", 90_000, 60_000, 30_000)],
    "county_debt_stage_month": [
        (JUNE, "rent", "contact", 50_000), (JUNE, "rent", "eviction", HIDDEN),
    ],
}  # fmt: skip
BOTH = {"county_debt_overlap_month": [(JUNE, 10, 10, HIDDEN)]}
FORGOTTEN = {
    "a lone ward": (WARDS_BY_COUNT, "caseload_count", (1, 2)),
    "a lone ward by its pounds": (WARDS_BY_POUNDS, "overdue_gbp", (29_000, 31_000)),
    "a district by two options": (COUNCILS, "overdue_gbp", (39_000, 41_000)),
    "a lone council of an option": (OPTION, "overdue_gbp", (69_000, 71_000)),
    "debts of nobody": (DEBTS, "unlinked_gbp", (29_000, 31_000)),
    "a debt that another table tells": (TWICE, "owed_gbp", (89_500, 90_500)),
    "a lone stage": (STAGES, "owed_gbp", (39_000, 41_000)),
    "who owes both": (BOTH, "both_count", (1, 2)),
}


@pytest.mark.parametrize("forgotten", FORGOTTEN, ids=lambda name: name.replace(" ", "_"))
def test_a_lone_hidden_cell_is_found(forgotten: str) -> None:
    tables, name, between = FORGOTTEN[forgotten]
    with duckdb.connect() as con:
        publish(con, **tables)
        _write_members(con)
        found = {(one.low, one.high) for one in attacker.finds(con) if one.cell[1] == name}
    assert between in found


def _write_members(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create table published.new_council_member "
                "(place_key varchar, option_code varchar, authority_code varchar, "
                "sends_extracts boolean)")  # fmt: skip
    con.executemany("insert into published.new_council_member values (?, ?, ?, true)", MEMBERS)


def test_with_a_second_cell_hidden_nothing_is_found() -> None:
    two = {
        **WARDS_BY_POUNDS,
        "ward_council_tax_month": [("D", "A", JUNE, HIDDEN), ("D", "B", JUNE, HIDDEN)],
    }
    with duckdb.connect() as con:
        publish(con, **two)
        assert attacker.finds(con) == []
