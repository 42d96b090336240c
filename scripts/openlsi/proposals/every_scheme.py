"""A district's caseload of today under every documented scheme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from openlsi.config.county import load_configuration
from openlsi.config.schemes import documented, load_schemes
from openlsi.home import Home
from openlsi.proposals.caseload import lay_caseload
from openlsi.proposals.errors import ProposalError
from openlsi.proposals.estimates import estimate
from openlsi.proposals.model import Row, rows_of


@dataclass(frozen=True)
class UnderEveryScheme:
    """A row a documented scheme, and how many districts' schemes are comparable at all."""

    district: str
    month: date
    financial_year: str
    household_count: int
    rows: list[Row]
    comparable_districts: int
    districts: int
    without_scheme: list[str]


def under_every_scheme(project: Path, home: Home, secure: Path, place: str) -> UnderEveryScheme:
    """Estimate the working-age caseload of a district (its name, slug or code) under each scheme.

    A household for whose type a scheme has no bands is not compared there; each row says for how
    many it stands and what these have in payment. Raises ProposalError for an unknown district.
    """
    configuration = load_configuration(home)
    known = {
        name.lower(): district
        for district in configuration.districts
        for name in (district.name, district.slug, district.code)
    }
    district = known.get(place.lower())
    if district is None:
        raise ProposalError(
            f"--caseload {place}: no district of this county; districts are"
            f" {', '.join(sorted(one.slug for one in configuration.districts))}"
        )
    schemes = documented(load_schemes(home))
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as connection:
        caseload = lay_caseload(connection, secure, {district.code: district.name})
        year = caseload.financial_years[district.code]
        estimate(connection, project, schemes)
        rows = rows_of(
            connection,
            """
            select
                schemes.scheme_key,
                schemes.scheme_name,
                schemes.district_code,
                schemes.district_code = $district
                and schemes.financial_year = $year as is_own,
                count(*) as household_count,
                count(scheme_awards.award_gbp) as compared_count,
                count(*) filter (scheme_awards.award_gbp > 0) as awarded_count,
                count(*) filter (scheme_awards.is_on_maximum) as on_maximum_count,
                coalesce(sum(scheme_awards.award_gbp), 0) as cost_gbp,
                coalesce(
                    sum(caseload.in_payment_gbp) filter (scheme_awards.award_gbp is not null), 0
                ) as in_payment_gbp
            from int_entitlement_schemes as schemes
            inner join scheme_awards using (scheme_key)
            inner join caseload using (unit_number)
            group by all
            order by schemes.scheme_name
            """,
            {"district": district.code, "year": year},
        )
    comparable = {row["district_code"] for row in rows if row["compared_count"]}
    held = {one.district for one in schemes}
    return UnderEveryScheme(
        district.name,
        caseload.months[district.code],
        year,
        rows[0]["household_count"] if rows else 0,
        rows,
        len(comparable),
        len(configuration.districts),
        [one.name for one in configuration.districts if one.code not in held],
    )
