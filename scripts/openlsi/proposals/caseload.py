"""Today's caseload, taken from a generation and laid out as the rules of entitlement read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from openlsi.proposals.errors import ProposalError

# Each input of the rules, and the table of the generation that it is a copy of.
_INPUTS = ("periods", "units", "people", "dwellings", "incomes")
_BEARERS = "fct_cts_bearer_month"
LIVING = "fct_living_standards"
LIVING_PARAMETERS = "living_standards_parameters"
# A household's classification does not follow from its award, so it is worked out once here.
_GROUPS = """
    create or replace table caseload as
    select
        * exclude (build_id),
        cast(weekly_award_gbp * 52 as decimal(18, 2)) as in_payment_gbp,
        case
            when claimant_age is null then 'not_told'
            when claimant_age < 25 then 'under_25'
            when claimant_age < 35 then '25_to_34'
            when claimant_age < 50 then '35_to_49'
            else '50_and_over'
        end as age_band,
        case has_disability when true then 'yes' when false then 'no' else 'not_told' end
        as disability,
        case has_carer when true then 'yes' when false then 'no' else 'not_told' end as carer
    from warehouse.caseload.int_caseload_households
    where list_contains($codes, district_code)
"""


@dataclass(frozen=True)
class Caseload:
    """Whose caseload is laid out: the month of each district that has one, and its year."""

    months: dict[str, date]
    # Of each district's own month: one may be behind, in the year before.
    financial_years: dict[str, str]
    build_id: str
    has_living_standards: bool


def lay_caseload(
    connection: duckdb.DuckDBPyConnection, secure: Path, districts: Mapping[str, str]
) -> Caseload:
    """Copy what the caseloads of some districts (code → name) consist of into memory.

    Makes `caseload` (a row a household with support in payment), the five inputs of the rules for
    those of working age, `bearer_shares`, and `living_standards` where the generation has them.
    Raises ProposalError where the generation holds no caseload of any of the districts.
    """
    if not secure.is_file():
        raise ProposalError("no build yet, so there is no caseload; run `lsi run`")
    file = str(secure).replace("'", "''")
    connection.execute(f"attach '{file}' as warehouse (read_only)")
    try:
        return _copy(connection, districts)
    finally:
        connection.execute("detach warehouse")


def _copy(connection: duckdb.DuckDBPyConnection, districts: Mapping[str, str]) -> Caseload:
    if not _is_there(connection, "caseload", "int_caseload_households"):
        raise ProposalError("the current build keeps no caseload; run `lsi build`")
    connection.execute(_GROUPS, {"codes": list(districts)})
    months = dict(
        connection.execute("select district_code, max(month) from caseload group by all").fetchall()
    )
    if not months:
        raise ProposalError(
            f"no caseload of {', '.join(districts.values())} in the current build; load and build"
            " its Council Tax Support first"
        )
    for name in _INPUTS:
        connection.execute(
            f"create or replace table int_entitlement_{name} as"
            f" select * exclude (build_id) from warehouse.caseload.int_caseload_{name}"
            f" where {_of_the_districts(name)}"
        )
    _copy_shares(connection)
    has_living = _is_there(connection, "marts", LIVING)
    if has_living:
        _copy_living(connection)
    years = connection.execute("""
        select caseload.district_code, max(periods.financial_year)
        from caseload
        inner join int_entitlement_periods as periods on caseload.month = periods.period_key
        group by caseload.district_code
    """).fetchall()
    build = connection.execute(
        "select max(build_id) from warehouse.caseload.int_caseload_households"
    ).fetchone()
    return Caseload(months, dict(years), str((build or [""])[0]), has_living)


def _is_there(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    found = connection.execute(
        "select 1 from duckdb_tables() where database_name = 'warehouse'"
        " and schema_name = $schema and table_name = $table",
        {"schema": schema, "table": table},
    ).fetchone()
    return found is not None


def _of_the_districts(name: str) -> str:
    if name == "periods":
        return "period_key in (select month from caseload)"
    if name == "incomes":
        return "person_number in (select person_number from int_entitlement_people)"
    number = "home_number" if name == "dwellings" else "unit_number"
    return f"{number} in (select unit_number from caseload)"


def _copy_shares(connection: duckdb.DuckDBPyConnection) -> None:
    # A district's shares of the month, as the warehouse splits support: parishes included.
    connection.execute(f"""
        create or replace table bearer_shares as
        select
            shares.district_code,
            shares.bearer,
            shares.share_ratio,
            shares.shares_year,
            shares.is_assumed_shares
        from warehouse.marts.{_BEARERS} as shares
        inner join (
            select district_code, max(month) as month from caseload group by district_code
        ) as last_months
            on shares.district_code = last_months.district_code
            and shares.month = last_months.month
    """)


def _copy_living(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"""
        create or replace table living_standards as
        select living.*, caseload.unit_number
        from warehouse.marts.{LIVING} as living
        inner join caseload
            on living.district_code = caseload.district_code
            and living.household_key = caseload.household_key
            and living.month = caseload.month
    """)
    connection.execute(
        f"create or replace table {LIVING_PARAMETERS} as from warehouse.seeds.{LIVING_PARAMETERS}"
    )
