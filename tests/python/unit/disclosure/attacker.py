"""Somebody who means harm, with nothing but the published tables and the rules in print.

Shares no code with what it attacks: its own reading of the tables, its own idea of what adds up
(`attacker_sums`), its own arithmetic of intervals (`attacker_bounds`), and an eye for figures that
are not of what is shown (`attacker_quotients`).
"""

from __future__ import annotations

from typing import Any

import attacker_months
import attacker_sums
import duckdb
from attacker_bounds import Attacker, Found
from attacker_quotients import beyond_what_is_shown

# Figures of others, or copies of a figure of another table that stands there for a quotient.
_NOT_OURS = (
    "chargeable_dwelling_count", "districts_included_count", "districts_expected_count",
    "budget_gbp", "budget_pension_gbp", "budget_working_gbp", "average_award_gbp",
)  # fmt: skip
# What is part of a row's key elsewhere, and here a word about it.
_LABELS = {
    "district_cts_forecast_month": ("gave_budget",),
    "county_discretionary_fund_month": ("quarter_month",),
    "county_discretionary_reason_month": ("quarter_month",),
    "county_fund_reason_quarter": ("strand",),
}


def look_at(con: duckdb.DuckDBPyConnection, least: int = 1) -> Attacker:
    """Read every published table with marks and note all that adds up in them."""
    attacker = Attacker(least)
    tables = con.execute(
        "select distinct table_name from information_schema.columns "
        "where table_schema = 'published' and column_name like '%\\_mark' escape '\\' "
        "and table_name not like 'official\\_%' escape '\\' order by table_name"
    ).fetchall()
    for (name,) in tables:
        attacker.rows[name] = _read(con, name, attacker)
    members = con.execute(
        "select 1 from information_schema.tables "
        "where table_schema = 'published' and table_name = 'new_council_member'"
    ).fetchone()
    councils = (
        con.execute(
            "select place_key, option_code, authority_code from published.new_council_member "
            "where sends_extracts"
        ).fetchall()
        if members
        else []
    )
    attacker_sums.note(attacker, councils)
    return attacker


def attack(con: duckdb.DuckDBPyConnection, least: int = 1) -> Attacker:
    """Read all that is published and think about it."""
    reader = look_at(con, least)
    reader.think()
    return reader


def finds(con: duckdb.DuckDBPyConnection, least: int = 1) -> list[Found]:
    """Return all that the attacker claims to know."""
    reader = attack(con, least)
    return [*reader.claims(), *beyond_what_is_shown(reader)]


def _read(
    con: duckdb.DuckDBPyConnection, table: str, attacker: Attacker
) -> dict[tuple[Any, ...], dict[str, Any]]:
    found = con.execute(f"select * from published.{table}")
    names = [column[0] for column in found.description or []]
    labels = _LABELS.get(table, ())
    keys = [name for name in attacker_months.KEYS if name in names and name not in labels]
    if "month" not in names and "financial_year" in names:
        # A return is of a year; beside a month its year is a label.
        keys.append("financial_year")
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for told in found.fetchall():
        row = dict(zip(names, told, strict=True))
        key = tuple(row[name] for name in keys)
        assert key not in rows, (table, key)
        rows[key] = row
        for name in _figures(row):
            attacker.see((table, name, key), row[name], row[f"{name}_mark"])
    return rows


def _figures(row: dict[str, Any]) -> list[str]:
    return [
        name
        for name in row
        if name.endswith(("_count", "_gbp"))
        and f"{name}_mark" in row
        and name not in _NOT_OURS
        and not name.startswith("average_")
        and "_per_" not in name
        # Worked out from the shown figures, as the page says.
        and not name.startswith("effect_")
        and "_change_" not in name
    ]
