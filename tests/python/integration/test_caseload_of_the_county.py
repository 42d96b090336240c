"""The caseload that a generation keeps, and a proposal put against it, on the built county."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from built_county import (
    ROOT,
    SLUGS,
    BuiltCounty,
    CompiledTest,
    compiled_tests,
    failing,
    open_scaffold,
)

from openlsi.proposals.annex import as_annex
from openlsi.proposals.every_scheme import under_every_scheme
from openlsi.proposals.model import Modelled, model_in
from openlsi.proposals.options import Terms

INPUTS = ("periods", "units", "people", "dwellings", "incomes")
TABLES = [f"int_caseload_{name}" for name in ("households", "scheme_awards", *INPUTS)]
PROPOSAL = """\
scheme: ashford_discount
name: Ashford, whole charge
district: E07000105
financial_year: 2025-26
standing: proposed
source: made up
kind: discount
maximum_pct: 100
"""


@pytest.fixture(scope="module")
def scaffold(
    county: BuiltCounty, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[CompiledTest]]]:
    con = open_scaffold(county.scaffold, tmp_path_factory.mktemp("caseload"))
    readers = [
        test for test in compiled_tests(county.scaffold)
        if any(node.rpartition(".")[2] in TABLES for node in test.reads)
    ]  # fmt: skip
    yield con, readers
    con.close()


def columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [row[0] for row in con.execute(f"describe {table}").fetchall()]


@pytest.mark.parametrize("name", INPUTS)
def test_a_kept_input_has_every_column_that_the_rules_read(
    scaffold: tuple[duckdb.DuckDBPyConnection, list[CompiledTest]], name: str
) -> None:
    con, _ = scaffold
    of_the_build = columns(con, f"intermediate.int_entitlement_{name}")
    assert columns(con, f"caseload.int_caseload_{name}") == [*of_the_build, "build_id"]


@pytest.mark.parametrize("table", TABLES)
def test_damage_to_the_caseload_is_noticed(
    scaffold: tuple[duckdb.DuckDBPyConnection, list[CompiledTest]], table: str
) -> None:
    con, readers = scaffold
    assert failing(con, readers) == set()
    row = f"rowid = (select max(rowid) from caseload.{table})"
    for damage in (
        f"delete from caseload.{table} where {row}",
        f"insert into caseload.{table} from caseload.{table} where {row}",
        *(
            f"update caseload.{table} set {name} = {name} * 100 where {name} > 0"
            for name in columns(con, f"caseload.{table}")
            if name in ("weekly_award_gbp", "annual_council_tax_gbp", "annual_gbp")
        ),
    ):
        con.execute("begin")
        con.execute(damage)
        noticed = failing(con, readers)
        con.execute("rollback")
        assert noticed, damage


@pytest.fixture(scope="module")
def modelled(county: BuiltCounty, tmp_path_factory: pytest.TempPathFactory) -> tuple[Modelled, str]:
    path = tmp_path_factory.mktemp("proposal") / "discount.yml"
    path.write_text(PROPOSAL, "utf-8")
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as con:
        found = model_in(
            con, ROOT, county.home, county.home.current / "secure.duckdb", path, [], Terms()
        )
        return found, as_annex(con, found)


def test_the_county_bears_69_to_74_pct_of_each_pound_own_of_the_band_d_workbook(
    modelled: tuple[Modelled, str],
) -> None:
    """Official precepts of 2023-24; police 11 to 12%, fire about 4%, the district's own 9 to 13."""
    found, _ = modelled
    borne = {
        row["bearer"]: row["change_gbp"] for row in found.of(found.bearers, "ashford_discount")
    }
    whole = sum(borne.values())
    assert whole > 0
    assert 0.69 <= borne["county"] / whole <= 0.74
    assert 0.105 <= borne["police"] / whole <= 0.125
    assert 0.035 <= borne["fire"] / whole <= 0.045
    assert 0.085 <= borne["district"] / whole <= 0.13


def test_the_caseload_is_the_marts_group_of_working_age(
    county: BuiltCounty, modelled: tuple[Modelled, str]
) -> None:
    found, page = modelled
    with duckdb.connect(str(county.home.current / "secure.duckdb"), read_only=True) as con:
        told = con.execute(
            "select sum(household_count), sum(weekly_award_gbp) * 52 from marts.fct_cts_month"
            " where district_code = 'E07000105' and month = $month"
            " and cts_age_group = 'working'",
            {"month": found.month},
        ).fetchone()
    working = next(row for row in found.age_groups if row["cts_age_group"] == "working")
    assert told == (working["household_count"], working["in_payment_gbp"])
    assert not found.is_estimated_base
    assert page.rstrip().endswith("</html>")
    assert Path(county.home.current / "secure.duckdb").is_file()


PROPOSED = {"ashford_bands_2025": "E07000105", "dartford_discount_2025": "E07000107"}
OPTION_FIGURES = (
    "option_key", "household_count", "compared_count", "awarded_count", "gainer_count",
    "loser_count", "unchanged_count", "cost_gbp", "base_cost_gbp", "change_gbp",
)  # fmt: skip


@pytest.mark.parametrize("proposal", PROPOSED)
def test_the_marts_of_a_proposal_say_what_the_command_says(
    county: BuiltCounty, proposal: str
) -> None:
    """Options, parts of traits and bearers; alternatives named and found by themselves."""
    secure = county.home.current / "secure.duckdb"
    file = next((county.home.config / "schemes").glob(f"*{proposal}.yml"))
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as con:
        found = model_in(con, ROOT, county.home, secure, file, [], Terms())
        groups = con.execute(
            "select option_key, cut, part, compared_count, gainer_count, loser_count, change_gbp"
            " from metrics.scheme_public_group order by all"
        ).fetchall()
    bearers = sorted(
        (row["option_key"], row["bearer"], row["shares_year"], row["cost_gbp"], row["change_gbp"])
        for row in found.bearers
    )
    with duckdb.connect(str(secure), read_only=True) as con:

        def told(columns: str, mart: str) -> list[tuple[Any, ...]]:
            return con.execute(
                f"select {columns} from marts.{mart} where proposal_key = $key order by all",
                {"key": proposal},
            ).fetchall()

        assert told(", ".join(OPTION_FIGURES), "fct_scheme_proposal") == sorted(
            tuple(row[column] for column in OPTION_FIGURES) for row in found.options
        )
        assert groups == told(
            "option_key, trait, part, compared_count, gainer_count, loser_count, change_gbp",
            "fct_scheme_proposal_group",
        )
        assert bearers == told(
            "option_key, bearer, shares_year, cost_gbp, change_gbp", "fct_scheme_proposal_bearer"
        )
        (deadline,) = told("adoption_deadline_date", "dim_scheme_proposal")
    assert deadline == (date(2025, 3, 11),)
    assert len(found.options) >= 4
    assert found.district_code == PROPOSED[proposal]


def test_a_proposal_is_put_to_its_own_district_alone(county: BuiltCounty) -> None:
    with duckdb.connect(str(county.home.current / "secure.duckdb"), read_only=True) as con:
        told = con.execute(
            "select distinct proposal_key, district_code from marts.fct_scheme_proposal"
            " order by all"
        ).fetchall()
        documented = con.execute(
            "select count(*) from marts.fct_scheme_caseload inner join marts.dim_scheme using"
            " (scheme_key) where standing <> 'documented'"
        ).fetchone()
    assert told == sorted(PROPOSED.items())
    assert documented == (0,)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_mart_of_schemes_says_what_the_command_says(county: BuiltCounty, slug: str) -> None:
    """The build puts the caseload under every scheme among its months, `lsi` by itself."""
    secure = county.home.current / "secure.duckdb"
    found = under_every_scheme(ROOT, county.home, secure, slug)
    with duckdb.connect(str(secure), read_only=True) as con:
        told = con.execute(
            "select scheme_key, household_count, compared_count, awarded_count, cost_gbp,"
            " in_payment_gbp from marts.fct_scheme_caseload"
            " inner join marts.dim_district using (district_code) where district_slug = $slug",
            {"slug": slug},
        ).fetchall()
    columns_told = (
        "scheme_key", "household_count", "compared_count", "awarded_count", "cost_gbp",
        "in_payment_gbp",
    )  # fmt: skip
    assert len(told) >= 6
    assert sorted(told) == sorted(
        tuple(row[column] for column in columns_told) for row in found.rows
    )
