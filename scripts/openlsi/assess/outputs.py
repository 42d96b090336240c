"""The figures that an assessment gives, by the names that they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import duckdb

Owner = Literal["person", "unit", "home"]
# Case → year → output → person, benefit unit or household → pounds a year.
Figures = dict[str, dict[str, dict[str, dict[str, float | None]]]]

HOME_ID = "h"


@dataclass(frozen=True)
class Output:
    """One output: whose it is, the relation it is read from, and the SQL of its pounds a year."""

    name: str
    owner: Owner
    relation: str
    sql: str
    # What stands where the relation has no row: nil, or nothing where nothing can be said.
    absent: float | None = 0


_UC = "int_entitlement__universal_credit"
_ELEMENTS = "int_entitlement__uc_elements"
_MEANS = "int_entitlement__universal_credit"
_PC = "int_entitlement__pension_credit"
_TAX = "int_entitlement__adult_taxes"

FREE_SCHOOL_MEALS = "free_school_meals_children"

OUTPUTS = (
    Output("uc_standard_allowance", "unit", _ELEMENTS, "standard_allowance_gbp"),
    Output("uc_child_element", "unit", _ELEMENTS, "child_element_gbp"),
    Output("uc_disability_elements", "unit", _ELEMENTS, "disabled_child_gbp + health_element_gbp"),
    Output("uc_carer_element", "unit", _ELEMENTS, "carer_element_gbp"),
    Output("uc_housing_costs_element", "unit", _ELEMENTS, "housing_element_gbp"),
    Output("uc_childcare_element", "unit", _ELEMENTS, "childcare_element_gbp"),
    Output("uc_maximum_amount", "unit", _UC, "maximum_gbp"),
    Output("uc_work_allowance", "unit", _MEANS, "work_allowance_gbp"),
    Output("uc_earned_income", "unit", _MEANS, "earned_income_gbp"),
    Output("uc_unearned_income", "unit", _MEANS, "unearned_income_gbp"),
    Output("uc_income_reduction", "unit", _UC, "income_reduction_gbp"),
    Output("universal_credit_pre_benefit_cap", "unit", _UC, "before_cap_gbp"),
    Output("uc_benefit_cap_reduction", "unit", _UC, "cap_reduction_gbp"),
    Output("universal_credit", "unit", _UC, "universal_credit_gbp"),
    Output("uc_deductions", "unit", "int_entitlement__universal_credit", "deductions_gbp"),
    Output("child_benefit", "unit", "int_entitlement__child_benefit", "child_benefit_gbp"),
    Output(
        "child_benefit_less_tax_charge",
        "unit",
        f"""(
            select child_benefit.*, coalesce(charges.charge_gbp, 0) as charge_gbp
            from int_entitlement__child_benefit as child_benefit
            left join (
                select unit_number, sum(child_benefit_charge_gbp) as charge_gbp
                from {_TAX} group by unit_number
            ) as charges using (unit_number)
        )""",
        "child_benefit_gbp - charge_gbp",
    ),
    Output("guarantee_credit", "unit", _PC, "guarantee_credit_gbp"),
    Output("savings_credit", "unit", _PC, "savings_credit_gbp"),
    Output("pension_credit", "unit", _PC, "guarantee_credit_gbp + savings_credit_gbp"),
    Output("housing_benefit", "unit", "int_entitlement__housing_benefit", "housing_benefit_gbp"),
    Output(
        "council_tax_reduction",
        "home",
        "int_entitlement__council_tax_reduction",
        "council_tax_reduction_gbp",
    ),
    Output(
        "council_tax_reduction_local",
        "home",
        """(
            select home_number, max(award_gbp) as award_gbp
            from int_entitlement__local_support where is_own group by home_number
        )""",
        "award_gbp",
        absent=None,
    ),
    Output(
        "council_tax_second_adult_reduction",
        "home",
        "int_entitlement__second_adult_reduction",
        "second_adult_reduction_gbp",
    ),
    Output(
        "council_tax_discount",
        "home",
        "int_entitlement__council_tax_discount",
        "discount_gbp",
        absent=None,
    ),
    Output("winter_fuel_allowance", "home", "int_entitlement__home_payments", "winter_fuel_gbp"),
    Output(
        "warm_home_discount", "home", "int_entitlement__home_payments", "warm_home_discount_gbp"
    ),
    Output("healthy_start", "unit", "int_entitlement__children_help", "healthy_start_gbp"),
    # Children, not pounds: nothing is paid to the household.
    Output(
        FREE_SCHOOL_MEALS,
        "unit",
        "int_entitlement__children_help",
        "free_school_meals_child_count",
    ),
    Output(
        "income_tax",
        "person",
        _TAX,
        "tax_before_charges_gbp + child_benefit_charge_gbp + winter_fuel_charge_gbp",
    ),
    Output(
        "national_insurance",
        "person",
        "int_entitlement__adults",
        "national_insurance_gbp",
    ),
)

_KEYED = {
    "unit": """
        select units.case_id, units.period_key, units.unit_id, {sql}
        from int_entitlement_units as units
        left join {relation} as figures using (unit_number)
        order by units.unit_number
    """,
    "home": """
        select homes.case_id, homes.period_key, '{home}', {sql}
        from int_entitlement_dwellings as homes
        left join {relation} as figures using (home_number)
        order by homes.home_number
    """,
    "person": """
        select units.case_id, units.period_key, people.person_key, {sql}
        from int_entitlement_people as people
        inner join int_entitlement_units as units using (unit_number)
        left join {relation} as figures using (person_number)
        order by people.person_number
    """,
}


def figures(connection: duckdb.DuckDBPyConnection) -> Figures:
    """Return every output of every household and year, in pounds a year, to the penny."""
    found: Figures = {}
    for output in OUTPUTS:
        query = _KEYED[output.owner].format(sql=output.sql, relation=output.relation, home=HOME_ID)
        for case, year, owner, pounds in connection.execute(query).fetchall():
            of_year = found.setdefault(case, {}).setdefault(year, {})
            said = output.absent if pounds is None else round(float(pounds), 2)
            of_year.setdefault(output.name, {})[owner] = said
    return found
