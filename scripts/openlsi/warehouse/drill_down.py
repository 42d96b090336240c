"""A row a household with all that its page tells, in a file of its own beside the generation.

The marts lie by month and hold millions of rows, so that one household would be looked for in all
of them. Here each household is one row, laid in small groups by its key: one read finds it. Nothing
is worked out that a mart or a rule of entitlement has not worked out; it holds keys, no names.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from openlsi.disclosure.wording import literal

DRILL_DOWN = "households.duckdb"
# Rows that are read together at least; DuckDB takes no fewer than 2,048.
_ROWS_READ_TOGETHER = 2048
_MONTHS_SHOWN = 13
# What the working of each benefit is called in `entitlement_lines`, and the code of the benefit.
_WORKINGS = {
    "universal_credit": "uc",
    "pension_credit": "pc",
    "housing_benefit": "hb",
    "council_tax_reduction": "cts",
    "council_tax_reduction_local": "cts",
    "council_tax_second_adult_reduction": "cts",
    "council_tax_discount": "ctd",
}
# Of which a unit has a row for each scheme: its own district's is meant.
_BY_SCHEME = "int_entitlement__local_support"


@dataclass(frozen=True)
class _Part:
    """One column of the file: rows of a relation as a list in an order, or the one row chosen.

    `columns` are what a page tells of them: each is read for every household that is looked up.
    """

    name: str
    relation: str
    columns: str
    order: str = ""
    # How many of the district's last months in that relation; 0 for all.
    months: int = 0
    chosen: str = ""

    @property
    def sql(self) -> str:
        packed = ", ".join(f"{name} := rows.{name}" for name in self.columns.split())
        row = f"struct_pack({packed})"
        value = f"any_value({row})"
        if self.order:
            value = f"list({row} order by {self.order})"
        elif self.chosen:
            value = f"{self.chosen.format(row)}"
        last = (
            f"select max(newest.month) from {self.relation} as newest"
            " where newest.district_code = rows.district_code"
        )
        recent = f" and rows.month > ({last}) - interval {self.months} month" * bool(self.months)
        return (
            f"select rows.district_code, rows.household_key, {value} as {self.name}"
            f" from {self.relation} as rows where rows.household_key is not null{recent}"
            " group by rows.district_code, rows.household_key"
        )


_MARKERS = (
    "is_deceased is_in_breathing_space is_insolvent has_sensitive_address"
    " has_opted_out_of_contact is_anonymous_elector"
)
_PARTS = (
    _Part(
        "position", "marts.fct_household_position",
        "living_standards_class margin_gbp months_in_shortfall_count age_group has_partner"
        " child_count has_disability has_carer council_tax_overdue_gbp rent_arrears_gbp"
        f" ability_to_pay {_MARKERS}",
    ),
    _Part(
        "gaps", "marts.fct_household_gaps",
        "pension_credit_gap_weekly_gbp council_tax_support_gap_weekly_gbp"
        " housing_benefit_gap_weekly_gbp universal_credit_gap_weekly_gbp"
        " council_tax_discount_gap_weekly_gbp unregistered_pupil_count",
    ),
    # Of accounts in force, whether or not the household has a benefit.
    _Part("markers", "intermediate.int_household_markers", _MARKERS, months=1),
    # Both Universal Credit and Housing Benefit may tell; the claim for rent tells more.
    _Part(
        "circumstances", "marts.fct_household_circumstances",
        "source_feed tenancy weekly_contractual_rent_gbp", months=1,
        chosen="arg_min({}, rows.source_feed)",
    ),
    _Part(
        "entitlements", "marts.fct_entitlements",
        "benefit_code estimate_gbp in_payment_gbp gap_gbp reason_code confidence",
        order="rows.benefit_code", months=1,
    ),
    _Part(
        "working", "drill_down_lines",
        "benefit_code working line_number label sign annual_gbp legal_basis",
        order="rows.benefit_code, rows.working, rows.line_number",
    ),
    _Part(
        "in_payment", "drill_down_in_payment",
        "benefit_code weekly_award_gbp days_awarded_count accrued_gbp",
        order="rows.benefit_code", months=1,
    ),
    _Part(
        "uc_awards", "marts.fct_uc_awards",
        "period_start period_end award_gbp deductions_gbp net_award_gbp benefit_cap_reduction_gbp",
        order="rows.period_end", months=1,
    ),
    _Part(
        "uc_deductions", "marts.fct_uc_deductions", "deduction_reason deduction_gbp",
        order="rows.deduction_reason", months=1,
    ),
    _Part(
        "incomes", "marts.fct_household_incomes", "person_role income_kind weekly_income_gbp",
        order="rows.source_feed, rows.person_role, rows.income_kind", months=1,
    ),
    _Part(
        "living", "marts.fct_living_standards",
        "month living_standards_class take_home_gbp housing_cost_gbp council_tax_gbp"
        " essentials_gbp margin_gbp is_income_assumed is_housing_cost_assumed is_fuel_stressed"
        " is_short_of_food is_rent_over_lha is_benefit_capped is_over_deductions_cap",
        order="rows.month desc", months=_MONTHS_SHOWN,
    ),
    _Part(
        "spells", "marts.fct_living_standards_spells",
        "first_month last_month living_standards_class is_from_the_first_month is_open month_count"
        " shortfall_month_count",
        order="rows.first_month desc",
    ),
    _Part(
        "debts", "marts.fct_household_debts",
        "month debt_type owed_gbp all_owed_gbp ability_to_pay ability_reason",
        order="rows.month desc, rows.debt_type", months=_MONTHS_SHOWN,
    ),
    _Part(
        "accounts", "drill_down_accounts",
        "month debt_type liability_year recovery_stage overdue_gbp not_yet_due_gbp costs_gbp"
        " credit_gbp share_ratio",
        order="rows.debt_type, rows.liability_year", months=1,
    ),
    _Part(
        "discretionary", "marts.fct_discretionary_awards",
        "fund decided_date award_reason award_gbp", order="rows.decided_date desc",
    ),
    _Part(
        "pupils", "drill_down_pupils", "month is_registered is_entitled_not_registered",
        order="rows.year_group",
    ),
    _Part(
        "recognised", "marts.fct_campaign_awards",
        "campaign_key awarded_date annualised_gbp one_off_gbp", order="rows.campaign_key",
    ),
)  # fmt: skip

# What several parts read in a shape that no mart has.
_SHAPES = {
    "drill_down_in_payment": "select * from marts.fct_benefit_spend where is_in_payment",
    # A shared account is each household's by its share; stages are the account's own.
    "drill_down_accounts": """
        with shares as (
            select district_code, account_key, 'council_tax' as debt_type, household_key,
                share_ratio
            from marts.bridge_account_household
            union all
            select district_code, rent_account_key, 'rent', household_key, share_ratio
            from marts.bridge_rent_account_household
        )
        select shares.household_key, arrears.district_code, arrears.month, arrears.debt_type,
            arrears.liability_year, arrears.recovery_stage, arrears.is_closed_account,
            arrears.overdue_gbp, arrears.not_yet_due_gbp, arrears.costs_gbp, arrears.credit_gbp,
            shares.share_ratio
        from marts.fct_arrears as arrears
        inner join shares
            on arrears.district_code = shares.district_code
            and arrears.account_key = shares.account_key
            and arrears.debt_type = shares.debt_type
        where arrears.overdue_gbp + arrears.not_yet_due_gbp + arrears.costs_gbp
            + arrears.credit_gbp > 0
    """,
    # The last census; a pupil may live in another district than the school's.
    "drill_down_pupils": """
        select * exclude (district_code), household_district_code as district_code
        from marts.fct_free_school_meals
        where household_key is not null
            and month = (select max(month) from marts.fct_free_school_meals)
    """,
}


def lay_drill_down(con: duckdb.DuckDBPyConnection, path: Path, build_id: str) -> None:
    """Write the file from a finished build whose intermediate relations are still there.

    One table, `household`: district_code, household_key, the district's last month, a struct or a
    list of structs for each part, and build_id. A part of which nothing is known is null.
    """
    shapes = {**_SHAPES, "drill_down_lines": _lines_sql(con)}
    for name, sql in shapes.items():
        con.execute(f"create or replace temp table {name} as {sql}")
    for part in _PARTS:
        con.execute(f"create or replace temp table part_{part.name} as {part.sql}")
    con.execute(f"attach {literal(str(path))} as drill_down (row_group_size {_ROWS_READ_TOGETHER})")
    con.execute(_household_sql(), {"build_id": build_id})
    con.execute("detach drill_down")
    for name in (*shapes, *(f"part_{part.name}" for part in _PARTS)):
        con.execute(f"drop table {name}")


def _household_sql() -> str:
    keys = " union ".join(
        f"select district_code, household_key from part_{part.name}" for part in _PARTS
    )
    joins = " ".join(
        f"left join part_{part.name} using (district_code, household_key)" for part in _PARTS
    )
    return f"""
        create table drill_down.household as
        with households as ({keys}),
        last_months as (
            select district_code, max(month) as month
            from marts.fct_living_standards group by district_code
        )
        select
            district_code, household_key, last_months.month,
            {", ".join(part.name for part in _PARTS)},
            cast($build_id as varchar) as build_id
        from households
        left join last_months using (district_code)
        {joins}
        order by district_code, household_key
    """


def _lines_sql(con: duckdb.DuckDBPyConnection) -> str:
    """Return SQL for the working of what a household may miss, in the district's last month.

    A line that comes to nothing and only adds, takes off or informs is left out.
    """
    told = con.execute(
        "select benefit, line_number, relation, component from seeds.entitlement_lines"
        " where benefit in (select unnest($benefits)) order by all",
        {"benefits": list(_WORKINGS)},
    ).fetchall()
    components = " union all ".join(
        f"select {_unit_of(relation)} as unit_number, '{benefit}' as working,"
        f" {number} as line_number, cast({component} as decimal(18, 2)) as annual_gbp"
        f" from intermediate.{relation}" + (" where is_own" if relation == _BY_SCHEME else "")
        for benefit, number, relation, component in told
    )
    codes = " ".join(f"when '{name}' then '{code}'" for name, code in _WORKINGS.items())
    return f"""
        with missed as (
            select rows.district_code, rows.household_key, rows.benefit_code, units.unit_number
            from marts.fct_entitlements as rows
            inner join intermediate.int_entitlement_households as units
                on rows.household_key = units.household_key and rows.month = units.month
            where rows.reason_code in ('unclaimed', 'less_in_payment')
                and rows.month = (
                    select max(newest.month) from marts.fct_entitlements as newest
                    where newest.district_code = rows.district_code
                )
        ),
        components as ({components})
        select missed.district_code, missed.household_key, missed.benefit_code,
            components.working, components.line_number, lines.label, lines.sign,
            components.annual_gbp, lines.legal_basis
        from components
        inner join missed
            on components.unit_number = missed.unit_number
            and missed.benefit_code = case components.working {codes} end
        inner join seeds.entitlement_lines as lines
            on components.working = lines.benefit and components.line_number = lines.line_number
        where components.annual_gbp <> 0 or (lines.sign = '=' and components.annual_gbp = 0)
    """


def _unit_of(relation: str) -> str:
    """Return the key of a unit; the warehouse numbers a home as the unit that is liable for it."""
    by_home = ("int_entitlement__council_tax_discount", "int_entitlement__second_adult_reduction")
    return "home_number" if relation in by_home else "unit_number"
