"""The working of an assessment, line by line: which rule, which rate, which source."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from openlsi.assess.outputs import HOME_ID

# Whose line it is follows from the key that its relation has.
_OWNERS = {
    "unit_number": (
        "int_entitlement_units",
        "owners.case_id",
        "owners.unit_id",
        "",
    ),
    "home_number": (
        "int_entitlement_dwellings",
        "owners.case_id",
        f"'{HOME_ID}'",
        "",
    ),
    "person_number": (
        "int_entitlement_people",
        "units.case_id",
        "owners.person_key",
        "inner join int_entitlement_units as units on owners.unit_number = units.unit_number",
    ),
}
_HOME_RELATIONS = (
    "int_entitlement__council_tax_discount",
    "int_entitlement__second_adult_reduction",
    "int_entitlement__council_tax_reduction",
    "int_entitlement__home_payments",
    "int_entitlement__local_support",
)
_PERSON_RELATIONS = ("int_entitlement__adult_taxes", "int_entitlement__adults")


@dataclass(frozen=True)
class Rate:
    """A rate that a line rests on, as it stood in the year."""

    code: str
    value: float
    unit: str
    legal_basis: str
    source: str


@dataclass(frozen=True)
class Line:
    """One line of the working: a component in pounds a year, and what it rests on.

    `sign` is + or - for what is added or taken off, = for a result, i for what only informs.
    """

    case: str
    year: str
    owner: str
    benefit: str
    number: int
    label: str
    component: str
    sign: str
    annual_gbp: float
    legal_basis: str
    rates: tuple[Rate, ...]


def working(connection: duckdb.DuckDBPyConnection) -> list[Line]:
    """Return the lines of every household, year and benefit, in the order of the working."""
    rates = _rates(connection)
    lines = connection.execute(
        "select benefit, line_number, label, relation, component, sign,"
        " coalesce(rate_codes, ''), legal_basis from entitlement_lines order by all"
    ).fetchall()
    found = []
    for benefit, number, label, relation, component, sign, codes, legal_basis in lines:
        for case, year, owner, pounds in connection.execute(_query(relation, component)).fetchall():
            used = tuple(rates[year, code] for code in codes.split())
            found.append(
                Line(
                    case, year, owner, benefit, number, label, component.removesuffix("_gbp"), sign,
                    round(float(pounds), 2), legal_basis, used,
                )
            )  # fmt: skip
    return sorted(found, key=lambda line: (line.case, line.year, line.owner))


def _query(relation: str, component: str) -> str:
    key = (
        "home_number" if relation in _HOME_RELATIONS
        else "person_number" if relation in _PERSON_RELATIONS
        else "unit_number"
    )  # fmt: skip
    owners, case, owner, join = _OWNERS[key]
    return (
        f"select {case}, owners.period_key, {owner}, lines.{component}"
        f" from {relation} as lines inner join {owners} as owners on lines.{key} = owners.{key}"
        f" {join} where lines.{component} is not null order by owners.{key}"
    )


def _rates(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], Rate]:
    rows = connection.execute(
        "select period_key, rate_code, value, unit, legal_basis, source"
        " from int_entitlement_period_rates"
    ).fetchall()
    return {(year, code): Rate(code, *rest) for year, code, *rest in rows}
