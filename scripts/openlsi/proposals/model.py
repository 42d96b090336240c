"""A proposal against today's caseload of its district, from a scheme file to figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

import duckdb

from openlsi.config.county import load_configuration
from openlsi.config.schemes import Scheme, documented, load_schemes
from openlsi.home import Home
from openlsi.proposals.caseload import Caseload, lay_caseload
from openlsi.proposals.errors import ProposalError
from openlsi.proposals.estimates import (
    UNCHANGED_WEEKLY_GBP,
    WEEKS,
    comparable_counts,
    estimate,
    hold_against,
)
from openlsi.proposals.figures import make_figures
from openlsi.proposals.living import make_classes
from openlsi.proposals.options import (
    DO_NOTHING,
    Option,
    Terms,
    asked_alternatives,
    latest_of,
    own_scheme,
    read_proposal,
    with_defaults,
)

Row = dict[str, Any]
# What doing nothing is: the documented scheme of the year by the same rules, or what is in payment.
Base = Literal["auto", "estimated", "in-payment"]


@dataclass(frozen=True)
class Check:
    """How far the rules are from what is in payment, where a documented scheme says both."""

    scheme_name: str
    household_count: int
    # Of these, within a pound a week of what is in payment.
    alike_count: int
    estimated_gbp: float
    in_payment_gbp: float
    is_of_the_year: bool


@dataclass(frozen=True)
class Modelled:
    """All that a paper says; each table is a list of rows of exact figures."""

    district: str
    district_code: str
    month: date
    financial_year: str
    build_id: str
    is_demo: bool
    county_name: str
    proposal: Scheme
    terms: Terms
    is_estimated_base: bool
    check: Check | None
    options: list[Row]
    bearers: list[Row]
    groups: list[Row]
    deciles: list[Row]
    reasons: list[Row]
    age_groups: list[Row]
    # None where the generation has no living standards.
    classes: list[Row] | None
    home: Home = field(repr=False)

    def of(self, rows: list[Row], key: str) -> list[Row]:
        """Return the rows of one option."""
        return [row for row in rows if row["option_key"] == key]


def model_in(
    connection: duckdb.DuckDBPyConnection,
    project: Path,
    home: Home,
    secure: Path,
    path: Path,
    against: Sequence[str],
    terms: Terms,
    base: Base = "auto",
) -> Modelled:
    """Model a proposal in a database in memory, and leave its tables there for the annex.

    Raises ConfigurationError for a scheme file that contradicts itself, and ProposalError for one
    that cannot be modelled here.
    """
    configuration = load_configuration(home)
    names = {district.code: district.name for district in configuration.districts}
    schemes = load_schemes(home)
    proposal = read_proposal(path, schemes, names)
    asked = asked_alternatives(against or proposal.alternatives, schemes, proposal)
    caseload = lay_caseload(connection, secure, {proposal.district: names[proposal.district]})
    year = caseload.financial_years[proposal.district]
    own = _base_scheme(
        base,
        own_scheme(schemes, proposal.district, year),
        names[proposal.district],
        year,
    )
    run = _each_once([proposal, *asked, *documented(schemes)])
    estimate(connection, project, run)
    counts, assessable = comparable_counts(connection)
    others = [one for one in documented(schemes) if one.district != proposal.district]
    alternatives = with_defaults(asked, others, counts, assessable)
    hold_against(connection, _options(proposal, alternatives, own), terms)
    make_figures(connection, terms)
    if caseload.has_living_standards:
        make_classes(connection)
    latest = own_scheme(schemes, proposal.district, year) or latest_of(schemes, proposal.district)
    return _modelled(
        connection,
        home,
        names,
        caseload,
        proposal,
        terms,
        own,
        _check(connection, latest, caseload),
    )


def _base_scheme(base: Base, own: Scheme | None, district: str, year: str) -> Scheme | None:
    if base == "estimated" and own is None:
        raise ProposalError(
            f"--base estimated: no scheme of {district} is documented for {year}; put its file into"
            " config/schemes/, or compare with what is in payment"
        )
    return None if base == "in-payment" else own


def _each_once(schemes: Sequence[Scheme]) -> list[Scheme]:
    return list({one.scheme: one for one in schemes}.values())


def _options(proposal: Scheme, alternatives: Sequence[Scheme], own: Scheme | None) -> list[Option]:
    nothing = f"Do nothing: {own.name}" if own else "Do nothing: awards in payment"
    return [
        Option(DO_NOTHING, nothing, "do_nothing", own),
        Option(proposal.scheme, proposal.name, "proposal", proposal),
        *(Option(one.scheme, one.name, "alternative", one) for one in alternatives),
    ]


def _check(
    connection: duckdb.DuckDBPyConnection, latest: Scheme | None, caseload: Caseload
) -> Check | None:
    connection.execute(
        """
        create or replace table metrics.scheme_check as
        select
            cast($name as varchar) as scheme_name,
            count(*) as household_count,
            count(*) filter (
                abs(scheme_awards.award_gbp - caseload.in_payment_gbp) < $alike
            ) as alike_count,
            sum(scheme_awards.award_gbp) as estimated_gbp,
            sum(caseload.in_payment_gbp) as in_payment_gbp,
            max(scheme_awards.award_gbp) as largest_estimated_gbp,
            max(caseload.in_payment_gbp) as largest_in_payment_gbp
        from scheme_awards
        inner join caseload using (unit_number)
        where scheme_awards.scheme_key = $scheme and scheme_awards.award_gbp is not null
        having count(*) > 0
        """,
        {
            "name": latest.name if latest else "",
            "scheme": latest.scheme if latest else "",
            "alike": UNCHANGED_WEEKLY_GBP * WEEKS,
        },
    )
    rows = rows_of(connection, "from metrics.scheme_check")
    if not rows or latest is None:
        return None
    (row,) = rows
    is_of_the_year = latest.financial_year == caseload.financial_years[latest.district]
    return Check(
        latest.name, row["household_count"], row["alike_count"], float(row["estimated_gbp"]),
        float(row["in_payment_gbp"]), is_of_the_year,
    )  # fmt: skip


def rows_of(
    connection: duckdb.DuckDBPyConnection, sql: str, told: dict[str, Any] | None = None
) -> list[Row]:
    """Return a small table as a list of rows."""
    found = connection.execute(sql, told or {})
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _modelled(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    names: dict[str, str],
    caseload: Caseload,
    proposal: Scheme,
    terms: Terms,
    own: Scheme | None,
    check: Check | None,
) -> Modelled:
    configuration = load_configuration(home)

    def table(name: str, order: str) -> list[Row]:
        return rows_of(
            connection,
            f"select {name}.* from metrics.{name} inner join options using (option_key)"
            f" order by options.option_number, {order}",
        )

    return Modelled(
        names[proposal.district],
        proposal.district,
        caseload.months[proposal.district],
        caseload.financial_years[proposal.district],
        caseload.build_id,
        configuration.is_demo,
        configuration.county_name,
        proposal,
        terms,
        own is not None,
        check,
        rows_of(connection, "from metrics.scheme_option order by option_number"),
        table("scheme_option_bearer", "cost_gbp desc, bearer"),
        table("scheme_option_group", "cut, part"),
        table("scheme_option_decile", "decile"),
        table("scheme_option_reason", "not_compared_reason"),
        rows_of(connection, "from metrics.scheme_age_group order by cts_age_group"),
        table("scheme_option_class", "class_today, class_then")
        if caseload.has_living_standards
        else None,
        home,
    )
