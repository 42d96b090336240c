"""Rows lost, doubled or multiplied by a hundred are noticed by a named test, wherever they stand.

On a copy of the build as it stood before it was emitted: one partition is damaged, every compiled
test that reads it is run, and the damage is taken back. A table or a column without a test of its
own shows here as unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pytest
from built_county import BuiltCounty, CompiledTest, compiled_tests, failing, open_scaffold

LANDED = "every accepted row and pound is in landing"
OF_THE_SIZE = "chargeable dwellings are of the size of the tax base"
WITH_FIGURES = ("county_", "district_", "new_council", "official_", "coverage", "ward_")
PARTITION_KEYS = ("district_code", "authority_code", "month", "financial_year")
# None of the small county's months is an October, so that it has no return of a taxbase.
WITHOUT_ROWS = {
    "fct_ct_support",
    "county_ct_support",
    "district_ct_support",
    "district_ct_support_return",
}
# Every account of the small county is linked to a household, and no extract of it is a history.
# None of its households changes in size as it moves, and the essentials of both years are equal; no
# year before its own is held, and no scheme tells of a hardship fund.
NOTHING_TO_MULTIPLY = {
    # Nobody there misses Universal Credit.
    ("fct_household_gaps", "universal_credit_gap_weekly_gbp"),
    ("fct_household_position", "universal_credit_gap_weekly_gbp"),
    ("fct_extracts", "other_month_gbp"),
    ("fct_overdue_month", "unlinked_overdue_gbp"),
    ("fct_overdue_month", "largest_unlinked_overdue_gbp"),
    ("fct_rent_month", "unlinked_arrears_gbp"),
    ("fct_household_debt_month", "unlinked_gbp"),
    ("fct_household_debt_month", "largest_unlinked_gbp"),
    ("fct_shortfall_moves", "essentials_change_gbp"),
    ("fct_ct_support", "annual_award_gbp"),
    ("fct_ct_support", "largest_award_gbp"),
    ("fct_cts_forecast", "year_before_forecast_gbp"),
    ("fct_cts_forecast", "year_before_outturn_gbp"),
    ("dim_scheme", "hardship_fund_gbp"),
    # No workbook of the return of collection is loaded.
    ("fct_published_collection", "net_collectable_debit_gbp"),
    ("fct_published_collection", "in_year_receipts_gbp"),
    ("fct_published_collection", "arrears_gbp"),
}


@dataclass(frozen=True)
class Scaffold:
    """The build before it was emitted, with its tests."""

    con: duckdb.DuckDBPyConnection
    tests: list[CompiledTest]

    def noticed(self, damage: str, table: str) -> set[str]:
        """Return the sentences of the tests that fail on the damage, which is taken back."""
        readers = [
            test for test in self.tests if any(node.endswith(f".{table}") for node in test.reads)
        ]
        self.con.execute("begin")
        try:
            self.con.execute(damage)
            return failing(self.con, readers)
        finally:
            self.con.execute("rollback")


@pytest.fixture(scope="module")
def scaffold(county: BuiltCounty, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scaffold]:
    con = open_scaffold(county.scaffold, tmp_path_factory.mktemp("scaffold"))
    yield Scaffold(con, compiled_tests(county.scaffold))
    con.close()


def tables(con: duckdb.DuckDBPyConnection, schema: str) -> list[str]:
    names = con.execute(
        "select table_name from duckdb_tables() where schema_name = $schema order by table_name",
        {"schema": schema},
    ).fetchall()
    return [str(name) for (name,) in names]


def with_rows(con: duckdb.DuckDBPyConnection, names: list[str], schema: str) -> list[str]:
    """Leave out the tables that hold nothing here; any other that is empty is a fault."""
    empty = {
        name
        for name in names
        if con.execute(f"select count(*) from {schema}.{name}").fetchone() == (0,)
    }
    assert empty == WITHOUT_ROWS & set(names)
    return [name for name in names if name not in empty]


def columns(con: duckdb.DuckDBPyConnection, table: str, schema: str = "marts") -> list[str]:
    return [row[0] for row in con.execute(f"describe {schema}.{table}").fetchall()]


def partition(con: duckdb.DuckDBPyConnection, table: str, has: str = "true") -> str | None:
    """Return the condition of the last partition (a district and month) with such a row."""
    keys = [key for key in PARTITION_KEYS if key in columns(con, table)]
    if not keys:
        found = con.execute(f"select max(rowid) from marts.{table} where {has}").fetchone()
        return None if not found or found[0] is None else f"rowid = {found[0]}"
    listed = ", ".join(keys)
    found = con.execute(
        f"select {listed} from marts.{table} where {has} order by {listed} desc nulls last limit 1"
    ).fetchone()
    if found is None:
        return None
    return " and ".join(
        f"{key} is not distinct from '{value}'" for key, value in zip(keys, found, strict=True)
    )


def test_on_the_build_as_it_is_no_test_fails(scaffold: Scaffold) -> None:
    assert len(scaffold.tests) > 150
    assert failing(scaffold.con, scaffold.tests) == set()


@pytest.mark.parametrize("rows", ["partition", "row"])
def test_deleted_and_doubled_rows_of_every_mart_are_noticed(scaffold: Scaffold, rows: str) -> None:
    con, unnoticed = scaffold.con, []
    for table in with_rows(con, tables(con, "marts"), "marts"):
        where = partition(con, table) if rows == "partition" else "rowid = 0"
        for name, damage in {
            "deleted": f"delete from marts.{table} where {where}",
            "doubled": f"insert into marts.{table} select * from marts.{table} where {where}",
        }.items():
            if not scaffold.noticed(damage, table):
                unnoticed.append((table, name))
    assert len(tables(con, "marts")) >= 19
    assert unnoticed == []


# Match rates are counts, which nothing multiplies above: each test of theirs has its own fault.
HOUSEHOLDS_COUNTED = "every claim and account is counted in the match rates"
PEOPLE_COUNTED = "every person linked is counted in the match rates"
FAULTS_OF_MATCH_RATES = {
    "a rule is listed once a sender source and kind": (
        "insert into marts.fct_match_rates from marts.fct_match_rates limit 1"
    ),
    "matched records are some of the records": (
        "update marts.fct_match_rates set matched_count = record_count + 1"
        " where rowid = (select max(rowid) from marts.fct_match_rates)"
    ),
    "what no rule reached is unmatched": (
        "update marts.fct_match_rates set matched_count = 1"
        " where rowid = (select min(rowid) from marts.fct_match_rates where rule = 'alone')"
    ),
    "match rates are of a known sender": (
        "update marts.fct_match_rates set district_code = 'E99999999' where source = 'pupil'"
    ),
    "records are households or people": (
        "update marts.fct_match_rates set record_kind = 'dwelling' where source = 'cts_claim'"
    ),
    HOUSEHOLDS_COUNTED: (
        "update marts.fct_match_rates set matched_count = matched_count - 1"
        " where rowid = (select min(rowid) from marts.fct_match_rates"
        " where record_kind = 'household' and matched_count > 0)"
    ),
    PEOPLE_COUNTED: (
        "delete from marts.fct_match_rates"
        " where rowid = (select max(rowid) from marts.fct_match_rates"
        " where record_kind = 'person')"
    ),
}


@pytest.mark.parametrize("sentence", FAULTS_OF_MATCH_RATES)
def test_each_test_of_the_match_rates_fails_on_its_own_fault(
    scaffold: Scaffold, sentence: str
) -> None:
    assert sentence in scaffold.noticed(FAULTS_OF_MATCH_RATES[sentence], "fct_match_rates")


def test_every_test_of_the_match_rates_has_its_fault(scaffold: Scaffold) -> None:
    """Those of the model and the two that hold it against the links."""
    own = {
        test.sentence
        for test in scaffold.tests
        if test.file.endswith("fct_match_rates.yml") or "counted in the match" in test.sentence
    }
    assert own == FAULTS_OF_MATCH_RATES.keys()


@pytest.mark.parametrize(
    ("table", "sender"),
    [("coverage", "E10000016"), ("quarantine_reason", "E10000016"), ("match_rate", "E10000016")],
)
def test_a_service_without_its_name_is_noticed(scaffold: Scaffold, table: str, sender: str) -> None:
    damage = f"update published.{table} set sender_name = null where district_code = '{sender}'"
    assert scaffold.noticed(damage, table)


def test_pounds_a_hundredfold_in_any_column_of_any_mart_are_noticed(scaffold: Scaffold) -> None:
    con, unnoticed, nothing = scaffold.con, [], set()
    for table in tables(con, "marts"):
        for column in columns(con, table):
            if not column.endswith("_gbp"):
                continue
            where = partition(con, table, f"{column} <> 0")
            if where is None:
                nothing.add((table, column))
                continue
            damage = f"update marts.{table} set {column} = {column} * 100 where {where}"
            if not scaffold.noticed(damage, table):
                unnoticed.append((table, column))
    assert nothing <= NOTHING_TO_MULTIPLY
    assert unnoticed == []


@pytest.fixture(scope="module")
def published(scaffold: Scaffold) -> list[str]:
    """The tables that hold figures; the others list what there is or tell of the build."""
    names = tables(scaffold.con, "published")
    return [name for name in names if name.startswith(WITH_FIGURES)]


def test_deleted_and_doubled_rows_of_what_is_published_are_noticed(
    scaffold: Scaffold, published: list[str]
) -> None:
    unnoticed = []
    for table in with_rows(scaffold.con, [*published, "districts", "months"], "published"):
        for name, damage in {
            "deleted": f"delete from published.{table}"
            f" where rowid = (select max(rowid) from published.{table})",
            "doubled": f"insert into published.{table} select * from published.{table} limit 1",
        }.items():
            if not scaffold.noticed(damage, table):
                unnoticed.append((table, name))
    assert len(published) > 10
    assert unnoticed == []


def test_published_pounds_a_hundredfold_are_noticed(
    scaffold: Scaffold, published: list[str]
) -> None:
    con, unnoticed, multiplied = scaffold.con, [], 0
    for table in published:
        for column in columns(con, table, "published"):
            shown = f"select max(rowid) from published.{table} where {column} <> 0"
            # Some figures are hidden throughout in so small a county.
            if not column.endswith("_gbp") or con.execute(shown).fetchone() == (None,):
                continue
            multiplied += 1
            damage = f"update published.{table} set {column} = {column} * 100"
            if not scaffold.noticed(f"{damage} where rowid = ({shown})", table):
                unnoticed.append((table, column))
    assert multiplied > 50
    assert unnoticed == []


RECORDS = [
    "cts__award",
    "council_tax__account",
    "council_tax__balance",
    "council_tax_levels__band_d",
    "council_taxbase__cts_forgone",
    "council_taxbase__dwellings",
]


def damaged_view(con: duckdb.DuckDBPyConnection, record: str, damage: str) -> str:
    """Return a view of a landed record in which the last extract is damaged."""
    name = f"landing.{record}"
    (last,) = con.execute(f"select max(extract_id) from {name}").fetchone() or ("",)
    whole = f"select * from ({definition(con, record)})"
    if damage == "deleted":
        query = f"{whole} where extract_id <> '{last}'"
    elif damage == "doubled":
        query = f"{whole} union all {whole} where extract_id = '{last}'"
    else:
        numbers = [
            row[0]
            for row in con.execute(f"describe {name}").fetchall()
            if row[1].startswith("DECIMAL") or (record == "council_taxbase__dwellings"
            and row[1] == "BIGINT" and row[0] != "source_row")
        ]  # fmt: skip
        assert numbers
        raised = ", ".join(
            f"case when extract_id = '{last}' then {column} * 100 else {column} end as {column}"
            for column in numbers
        )
        query = f"select * replace ({raised}) from ({whole})"
    return f"create or replace view {name} as {query}"


def definition(con: duckdb.DuckDBPyConnection, record: str) -> str:
    sql = con.execute(
        "select sql from duckdb_views() where schema_name = 'landing' and view_name = $record",
        {"record": record},
    ).fetchone()
    assert sql
    return str(sql[0]).split(" AS ", 1)[1].rstrip("; \n")


# An account has neither pounds nor counts.
DAMAGED = [
    (record, damage)
    for record in RECORDS
    for damage in ("deleted", "doubled", "a hundredfold")
    if (record, damage) != ("council_tax__account", "a hundredfold")
]


@pytest.mark.parametrize(("record", "damage"), DAMAGED)
def test_a_damaged_extract_in_landing_is_noticed(
    scaffold: Scaffold, record: str, damage: str
) -> None:
    con = scaffold.con
    con.execute("begin")
    try:
        con.execute(damaged_view(con, record, damage))
        noticed = failing(con, scaffold.tests)
    finally:
        con.execute("rollback")
    # Dwellings have no control pounds: another publication tells their size.
    is_size = (record, damage) == ("council_taxbase__dwellings", "a hundredfold")
    assert (OF_THE_SIZE if is_size else LANDED) in noticed


@pytest.mark.parametrize("record", RECORDS)
def test_an_extract_that_the_ledger_does_not_know_is_noticed(
    scaffold: Scaffold, record: str
) -> None:
    con = scaffold.con
    con.execute("begin")
    try:
        whole = definition(con, record)
        con.execute(
            f"create or replace view landing.{record} as {whole} union all"
            f" select * replace ('xunknown' as extract_id) from ({whole}) limit 1"
        )
        assert LANDED in failing(con, scaffold.tests)
    finally:
        con.execute("rollback")


def test_every_test_has_the_name_of_a_sentence(scaffold: Scaffold) -> None:
    for test in scaffold.tests:
        assert len(test.sentence.split()) >= 4, test.file
