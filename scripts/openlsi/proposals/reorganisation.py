"""What one scheme for all of a new council would cost, by the schemes documented for its members.

What a member has today is estimated where its scheme of the year is documented, and what is in
payment elsewhere. The two are never added up: each has a row of its own (definition 11).
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from openlsi.config.county import load_configuration
from openlsi.config.schemes import Scheme, documented, load_schemes
from openlsi.home import Home
from openlsi.proposals.caseload import lay_caseload
from openlsi.proposals.errors import ProposalError
from openlsi.proposals.estimates import UNCHANGED_WEEKLY_GBP, WEEKS, estimate
from openlsi.proposals.model import Row, rows_of
from openlsi.proposals.options import latest_of, own_scheme

_OPTIONS = Path("seeds/reference/areas/kent_lgr_options.csv")
_AUTHORITIES = Path("seeds/reference/authorities/billing_authorities.csv")


@dataclass(frozen=True)
class NewCouncil:
    """A council to be, its members that send extracts, and those that send none."""

    name: str
    members: list[str]
    without_extracts: list[str]
    # Members of the county that have no caseload in this build.
    without_caseload: list[str]
    schemes: list[str]


@dataclass(frozen=True)
class Harmonised:
    """A row a new council, documented member scheme and basis of what there is today."""

    option: str
    promoter: str
    councils: list[NewCouncil]
    rows: list[Row]
    bearers: list[Row]


def harmonise(project: Path, home: Home, secure: Path, option: str) -> Harmonised:
    """Put each new council's working-age caseload under each documented scheme of a member.

    Raises ProposalError for an option that is unknown or whose membership is not complete.
    """
    told, promoter = _membership(project, option)
    configuration = load_configuration(home)
    names = {district.code: district.name for district in configuration.districts}
    schemes = load_schemes(home)
    codes = {code: name for code, name in names.items() if any(code in m for m in told.values())}
    if not codes:
        raise ProposalError(f"--reorganise {option}: none of its councils has a district here")
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as connection:
        caseload = lay_caseload(connection, secure, codes)
        # Each member's last documented scheme is what the others could be brought to.
        offered = {code: one for code in codes if (one := latest_of(schemes, code))}
        today = {
            code: one for code in codes
            if (one := own_scheme(schemes, code, caseload.financial_years.get(code, "")))
        }  # fmt: skip
        estimate(connection, project, documented(schemes))
        _lay_places(connection, told, offered, today, codes)
        rows, bearers = _compare(connection)
    others = _other_names(project)
    councils = [
        NewCouncil(
            council,
            [names[code] for code in members if code in names],
            [others.get(code, code) for code in members if code not in names],
            [names[code] for code in members if code in names and code not in caseload.months],
            [offered[code].name for code in members if code in offered],
        )
        for council, members in told.items()
    ]
    return Harmonised(option, promoter, councils, rows, bearers)


def _membership(project: Path, option: str) -> tuple[dict[str, list[str]], str]:
    with (project / _OPTIONS).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    complete = {row["option_code"] for row in rows} - {
        row["option_code"] for row in rows if row["has_boundary_data"] != "true"
    }
    if option not in complete:
        known = option in {row["option_code"] for row in rows}
        why = "cuts across districts, and no boundary data is held" if known else "no such option"
        raise ProposalError(
            f"--reorganise {option}: {why}; options of whole districts are"
            f" {', '.join(sorted(complete))}"
        )
    told: dict[str, list[str]] = {}
    for row in rows:
        if row["option_code"] == option:
            told.setdefault(row["new_council_name"], []).append(row["authority_code"])
    promoter = next(row["promoter"] for row in rows if row["option_code"] == option)
    return told, promoter


def _other_names(project: Path) -> dict[str, str]:
    with (project / _AUTHORITIES).open(encoding="utf-8", newline="") as file:
        return {row["authority_code"]: row["authority_name"] for row in csv.DictReader(file)}


def _lay_places(
    connection: duckdb.DuckDBPyConnection,
    told: dict[str, list[str]],
    offered: dict[str, Scheme],
    today: dict[str, Scheme],
    codes: Sequence[str] | dict[str, str],
) -> None:
    members = [
        {
            "council": council,
            "district_code": code,
            "own_scheme_key": today[code].scheme if code in today else None,
        }
        for council, listed in told.items()
        for code in listed
        if code in codes
    ]
    schemes = [
        {"council": council, "scheme_key": offered[code].scheme, "scheme_name": offered[code].name}
        for council, listed in told.items()
        for code in listed
        if code in offered
    ]
    for name, rows, columns in (
        ("members", members, ("council", "district_code", "own_scheme_key")),
        ("council_schemes", schemes, ("council", "scheme_key", "scheme_name")),
    ):
        schema = pa.schema([(column, pa.string()) for column in columns])
        connection.register("told_places", pa.Table.from_pylist(rows, schema=schema))
        connection.execute(f"create or replace table {name} as from told_places")
        connection.unregister("told_places")


def _compare(connection: duckdb.DuckDBPyConnection) -> tuple[list[Row], list[Row]]:
    threshold = UNCHANGED_WEEKLY_GBP * WEEKS
    connection.execute("""
        create or replace table harmonised as
        with pairs as (
            select
                members.council,
                council_schemes.scheme_key,
                council_schemes.scheme_name,
                case when members.own_scheme_key is null then 'in_payment' else 'estimated' end
                as basis,
                caseload.district_code,
                case
                    when members.own_scheme_key is null then caseload.in_payment_gbp
                    else own.award_gbp
                end as base_gbp,
                offered.award_gbp,
                caseload.in_payment_gbp
            from caseload
            inner join members using (district_code)
            inner join council_schemes on members.council = council_schemes.council
            inner join scheme_awards as offered
                on caseload.unit_number = offered.unit_number
                and council_schemes.scheme_key = offered.scheme_key
            left join scheme_awards as own
                on caseload.unit_number = own.unit_number
                and members.own_scheme_key = own.scheme_key
        )
        select
            *,
            base_gbp is not null and award_gbp is not null as is_compared,
            award_gbp - base_gbp as change_gbp
        from pairs
    """)
    rows = rows_of(
        connection,
        f"""
        select
            council,
            scheme_name,
            basis,
            count(*) as household_count,
            count(*) filter (is_compared) as compared_count,
            coalesce(sum(base_gbp) filter (is_compared), 0) as base_cost_gbp,
            coalesce(sum(change_gbp), 0) as change_gbp,
            count(*) filter (change_gbp >= {threshold}) as gainer_count,
            count(*) filter (change_gbp <= -{threshold}) as loser_count,
            coalesce(sum(in_payment_gbp) filter (not is_compared), 0)
            as not_compared_in_payment_gbp
        from harmonised
        group by all
        order by council, scheme_name, basis
        """,
    )
    return rows, _bearers(connection)


def _bearers(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """Split each member's change by its own precepts; a unitary carries the county's share too."""
    return rows_of(
        connection,
        """
        select
            harmonised.council,
            harmonised.scheme_name,
            harmonised.basis,
            case
                when shares.bearer in ('county', 'district') then 'new_council'
                else shares.bearer
            end as new_bearer,
            cast(sum(harmonised.change_gbp * shares.share_ratio) as decimal(18, 2)) as change_gbp,
            max(shares.shares_year) as shares_year,
            bool_or(shares.is_assumed_shares) as is_assumed_shares
        from harmonised
        inner join bearer_shares as shares using (district_code)
        where harmonised.is_compared
        group by all
        order by all
        """,
    )
