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
    """One column of the file: rows of a relation as a list in an order, or the one row chosen."""

    name: str
    relation: str
    where: str = "true"
    order: str = ""
    chosen: str = "any_value(rows)"

    @property
    def sql(self) -> str:
        value = f"list(rows order by {self.order})" if self.order else self.chosen
        return (
            f"select rows.district_code, rows.household_key, {value} as {self.name}"
            f" from {self.relation} as rows where rows.household_key is not null"
            f" and {self.where} group by rows.district_code, rows.household_key"
        )


def _of_last_month(
    name: str, relation: str, order: str = "", *, months: int = 1, **more: str
) -> _Part:
    """Return a part of the district's last month in that relation, or of the last few."""
    where = (
        f"rows.month > (select max(newest.month) from {relation} as newest"
        f" where newest.district_code = rows.district_code) - interval {months} month"
    )
    return _Part(name, relation, where, order, **more)


_PARTS = (
    _Part("position", "marts.fct_household_position"),
    _Part("gaps", "marts.fct_household_gaps"),
    # Of accounts in force, whether or not the household has a benefit.
    _of_last_month("markers", "intermediate.int_household_markers"),
    _Part(
        "version", "marts.dim_household", chosen="arg_max(rows, (is_current, valid_from_month))"
    ),
    # Both Universal Credit and Housing Benefit may tell; the claim for rent tells more.
    _of_last_month(
        "circumstances", "marts.fct_household_circumstances", chosen="arg_min(rows, source_feed)"
    ),
    _of_last_month("entitlements", "marts.fct_entitlements", "benefit_code"),
    _Part("working", "drill_down_lines", order="benefit_code, working, line_number"),
    _of_last_month("in_payment", "drill_down_in_payment", "benefit_code"),
    _of_last_month("uc_awards", "marts.fct_uc_awards", "period_end"),
    _of_last_month("uc_deductions", "marts.fct_uc_deductions", "deduction_reason"),
    _of_last_month(
        "incomes", "marts.fct_household_incomes", "source_feed, person_role, income_kind"
    ),
    _of_last_month("living", "marts.fct_living_standards", "month desc", months=_MONTHS_SHOWN),
    _Part("spells", "marts.fct_living_standards_spells", order="first_month desc"),
    _of_last_month(
        "debts", "marts.fct_household_debts", "month desc, debt_type", months=_MONTHS_SHOWN
    ),
    _of_last_month("accounts", "drill_down_accounts", "debt_type, liability_year"),
    _Part("discretionary", "marts.fct_discretionary_awards", order="decided_date desc"),
    _Part("pupils", "drill_down_pupils", order="year_group"),
    _Part("recognised", "marts.fct_campaign_awards", order="campaign_key"),
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
