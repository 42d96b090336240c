"""Households of a file, laid out as the relations that the entitlement models read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import duckdb
import pyarrow as pa

from openlsi.assess.households import BenefitUnit, Household, Known, Person
from openlsi.assess.years import Year
from openlsi.config.scheme_tables import band_table, scheme_table
from openlsi.config.schemes import Scheme
from openlsi.home import Home
from openlsi.identity.birth_facts import (
    age_sql,
    load_pension_age,
    pension_age_date_sql,
    pension_age_join_sql,
)

# Adult children form units of their own. One of 18 or 19 who is written into a parent's unit has
# left education as far as anybody says, so it is neither child nor partner there.
_GENERATION_YEARS = 16
_YOUNG_ADULT_AGES = (18, 19)

# ONS codes of the London boroughs and the City.
_LONDON = "E09"

_TENURES = {
    "RENT_PRIVATELY": "private_tenant",
    "RENT_FROM_COUNCIL": "social_tenant",
    "RENT_FROM_HA": "social_tenant",
}
_INCOMES = {
    "employment": "employment_income",
    "self_employment": "self_employment_income",
    "state_pension": "state_pension_reported",
    "private_pension": "private_pension_income",
}


def lay_out(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    households: list[Household],
    years: list[Year],
    known: Known,
) -> None:
    """Make the five input relations, and `assessed` which names what they number.

    Every household is assessed in every year as if its circumstances were those of the file; only
    ages and rates move. Somebody who is not born on a year's date of reference counts as aged 0.
    """
    asked = (
        {
            "period_key": year.name,
            "financial_year": year.name,
            "age_reference_date": year.reference,
        }
        for year in years
    )
    _table(connection, "asked_years", asked)
    connection.execute("create or replace table int_entitlement_periods as from asked_years")
    _table(connection, "told_homes", _homes(households, known))
    _table(connection, "told_units", _units(households))
    _table(connection, "told_people", _people(households))
    load_pension_age(connection, home)
    _number(connection)


def lay_schemes(
    connection: duckdb.DuckDBPyConnection, schemes: list[Scheme], is_for_everybody: bool
) -> None:
    """Make the relations of schemes; each for its own district and year, or for everybody."""
    connection.register("told_schemes", scheme_table(schemes))
    connection.execute(
        "create or replace table int_entitlement_schemes as"
        " select *, cast($everybody as boolean) as is_for_everybody, false as is_for_last_period"
        " from told_schemes",
        {"everybody": is_for_everybody},
    )
    connection.unregister("told_schemes")
    connection.register("told_bands", band_table(schemes))
    connection.execute("create or replace table int_entitlement_scheme_bands as from told_bands")
    connection.unregister("told_bands")


def _homes(households: list[Household], known: Known) -> Iterator[dict[str, Any]]:
    for household in households:
        home = household.household
        yield {
            "case_id": household.id,
            "district_code": known.districts[home.local_authority],
            "council_tax_band": home.council_tax_band,
            "brma_code": home.brma,
            "is_in_london": home.region == "LONDON"
            or known.districts[home.local_authority].startswith(_LONDON),
            "tenure": _TENURES.get(home.tenure_type, "owner"),
            "annual_rent_gbp": home.rent_per_week * 52,
            "annual_service_charge_gbp": home.service_charge_per_week * 52,
            "annual_gross_council_tax_gbp": home.gross_council_tax_per_year,
            "annual_council_tax_gbp": home.council_tax_per_year,
            # The file gives one sum for the household; nothing says whose it is.
            "unit_capital_gbp": home.savings / len(household.benunits),
        }


def _units(households: list[Household]) -> Iterator[dict[str, Any]]:
    for household in households:
        people = {person.id: person for person in household.people}
        liable = _liable_unit(household, people)
        for unit, name in zip(household.benunits, household.unit_ids(), strict=True):
            yield {
                "case_id": household.id,
                "unit_id": name,
                "is_liable": unit is liable,
                "claims_universal_credit": unit.would_claim_uc,
                "is_passported": unit.is_passported,
                "has_new_health_element": unit.uc_receives_new_claimant_health_element,
                "reported_housing_benefit_gbp": sum(
                    people[member].housing_benefit_reported for member in unit.members
                ),
                "deductions_asked_gbp": unit.uc_deductions_per_month * 12,
            }


def _liable_unit(household: Household, people: dict[str, Person]) -> BenefitUnit:
    """Rent and council tax are of the unit with the oldest person; the file does not say whose."""
    return min(
        household.benunits, key=lambda unit: min(people[member].dob for member in unit.members)
    )


def _people(households: list[Household]) -> Iterator[dict[str, Any]]:
    for household in households:
        people = {person.id: person for person in household.people}
        for unit, name in zip(household.benunits, household.unit_ids(), strict=True):
            oldest = min(people[member].dob for member in unit.members)
            for place, member in enumerate(unit.members):
                person = people[member]
                yield {
                    "case_id": household.id,
                    "unit_id": name,
                    "place": place,
                    "is_generation_younger": person.dob.year - oldest.year >= _GENERATION_YEARS,
                    **person.model_dump(),
                }


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, rows: Iterable[dict[str, Any]]
) -> None:
    told = pa.Table.from_pylist(list(rows))
    connection.register("told", told)
    connection.execute(f"create or replace temp table {name} as from told")
    connection.unregister("told")


def _number(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        create or replace table int_entitlement_dwellings as
        select
            row_number() over (order by asked_years.period_key, told_homes.case_id) as home_number,
            asked_years.period_key,
            told_homes.case_id,
            told_homes.district_code,
            cast(told_homes.brma_code as varchar) as brma_code,
            told_homes.is_in_london,
            told_homes.tenure,
            cast(told_homes.annual_rent_gbp as decimal(18, 2)) as annual_rent_gbp,
            cast(told_homes.annual_service_charge_gbp as decimal(18, 2))
            as annual_service_charge_gbp,
            cast(told_homes.annual_gross_council_tax_gbp as decimal(18, 2))
            as annual_gross_council_tax_gbp,
            cast(null as integer) as bedroom_count,
            cast(told_homes.council_tax_band as varchar) as council_tax_band,
            cast(told_homes.annual_council_tax_gbp as decimal(18, 2)) as annual_council_tax_gbp,
            told_homes.unit_capital_gbp
        from told_homes cross join asked_years
    """)
    connection.execute("""
        create or replace table int_entitlement_units as
        select
            row_number() over (order by homes.home_number, told_units.unit_id) as unit_number,
            homes.home_number,
            homes.period_key,
            homes.case_id,
            told_units.unit_id,
            told_units.is_liable,
            homes.unit_capital_gbp as capital_gbp,
            homes.is_in_london,
            told_units.claims_universal_credit,
            told_units.has_new_health_element,
            false as is_on_guarantee_credit,
            told_units.is_passported,
            told_units.reported_housing_benefit_gbp,
            cast(told_units.deductions_asked_gbp as double) as deductions_asked_gbp
        from told_units inner join int_entitlement_dwellings as homes using (case_id)
    """)
    age = age_sql("told_people.dob", "asked_years.age_reference_date")
    connection.execute(f"""
        create or replace temp table numbered_people as
        select
            row_number() over (order by units.unit_number, told_people.place) as person_number,
            units.unit_number,
            units.home_number,
            units.period_key,
            units.is_liable,
            asked_years.age_reference_date,
            coalesce({age}, 0) as age_years,
            {pension_age_date_sql("told_people.dob", "timetable")} as pension_age_date,
            max(coalesce({age}, 0)) over (partition by units.unit_number) as oldest_age_years,
            told_people.* exclude (case_id, unit_id)
        from told_people
        inner join int_entitlement_units as units using (case_id, unit_id)
        inner join asked_years on units.period_key = asked_years.period_key
        {pension_age_join_sql("told_people.dob", "timetable")}
    """)
    connection.execute(f"""
        create or replace table int_entitlement_people as
        select
            period_key,
            unit_number,
            home_number,
            person_number,
            id as person_key,
            cast(age_years as integer) as age_years,
            case
                when age_years < 18 and oldest_age_years >= 18 then 'child'
                when age_years in {_YOUNG_ADULT_AGES} and is_generation_younger then 'other'
                else 'claimant'
            end as role,
            not (age_years < 18 and oldest_age_years >= 18)
            and (not is_liable or (age_years in {_YOUNG_ADULT_AGES} and is_generation_younger))
            as is_non_dependant,
            pension_age_date <= age_reference_date as is_of_pension_age,
            dob < case gender when 'FEMALE' then date '1953-04-06' else date '1951-04-06' end
            as has_reached_pension_age_before_2016_04_06,
            pension_age_date < date '2021-04-01' as has_reached_pension_age_before_2021_04_01,
            dob < date '2017-04-06' as is_born_before_2017_04_06,
            gender = 'FEMALE' as is_female,
            is_disabled_for_benefits
            -- A child's own award of either is what gives the addition (SI 2013/376 reg 24(2)).
            or (
                age_years < 18
                and (
                    dla_sc_category <> 'NONE'
                    or pip_dl_category <> 'NONE'
                    or pip_m_category <> 'NONE'
                )
            ) as is_disabled,
            dla_sc_category = 'HIGHER' or pip_dl_category = 'ENHANCED' as has_highest_care,
            uc_limited_capability_for_WRA as has_lcwra,
            false as has_lcw_element,
            pip_dl_category <> 'NONE'
            or dla_sc_category in ('MIDDLE', 'HIGHER')
            or aa_category <> 'NONE' as has_daily_living_benefit,
            pip_dl_category <> 'NONE'
            or pip_m_category <> 'NONE'
            or dla_sc_category <> 'NONE'
            or aa_category <> 'NONE' as has_disability_benefit,
            cast(care_hours as double) as weekly_care_hours,
            cast(hours_worked as double) / 52 as weekly_hours,
            uc_is_in_startup_period as is_in_start_up_period,
            is_disregarded_for_council_tax,
            cast(childcare_expenses as decimal(18, 2)) as annual_childcare_gbp
        from numbered_people
    """)
    # A state pension cannot be in payment before its age.
    incomes = " union all ".join(
        f"select person_number, '{kind}' as income_kind,"
        f" cast({field} as decimal(18, 2)) as annual_gbp from numbered_people"
        f" where {field} > 0"
        + (" and pension_age_date <= age_reference_date" if kind == "state_pension" else "")
        for kind, field in _INCOMES.items()
    )
    connection.execute(f"create or replace table int_entitlement_incomes as {incomes}")
