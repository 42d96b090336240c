"""The marts of debts of the attacked county: the same accounts told by kind, stage and household.

What is overdue and rent are made by hand for the tests of metrics; here they are made anew, since
their households must be those of the debts.
"""

from __future__ import annotations

import duckdb

_DEBTS = {
    "fct_debt_stage_month": """
        select
            district_code, month, debt_type, recovery_stage, debt_age,
            count(*) as debt_count, sum(owed_gbp) as owed_gbp, max(owed_gbp) as largest_owed_gbp
        from debts
        group by all
    """,
    "fct_overdue_month": """
        select district_code, month, account_count, coalesce(columns('overdue'), 0)
        from (
            select district_code, month, count(*) as account_count
            from accounts where debt_type = 'council_tax' group by all
        ) left join (
            select
                district_code, month, count(distinct account_key) as overdue_account_count,
                sum(owed_gbp) as overdue_gbp
            from debts where debt_type = 'council_tax' group by all
        ) using (district_code, month) left join (
            select
                district_code, month, count(household_key) as overdue_household_count,
                max(owed_gbp) as largest_household_overdue_gbp,
                count(*) filter (where household_key is null) as unlinked_overdue_account_count,
                sum(if(household_key is null, owed_gbp, 0)) as unlinked_overdue_gbp,
                max(if(household_key is null, owed_gbp, 0)) as largest_unlinked_overdue_gbp
            from owed where debt_type = 'council_tax' group by all
        ) using (district_code, month)
    """,
    "fct_rent_month": """
        select
            district_code, month, has_council_homes, is_held, account_count,
            if(is_held, coalesce(columns('arrears|recovery'), 0), null)
        from (
            select district_code, month, has_council_homes, account_count,
                has_council_homes and account_count is not null as is_held
            from marts.dim_district
            cross join (select distinct month from accounts)
            left join (
                select district_code, month, count(*) as account_count
                from accounts where debt_type = 'rent' group by all
            ) using (district_code, month)
            where district_code in (select district_code from sizes)
        ) left join (
            select
                district_code, month, count(*) as arrears_account_count,
                count(*) filter (where recovery_stage = 'eviction') as recovery_account_count,
                sum(owed_gbp) as arrears_gbp
            from debts where debt_type = 'rent' group by all
        ) using (district_code, month) left join (
            select
                district_code, month, count(household_key) as arrears_household_count,
                max(owed_gbp) as largest_arrears_gbp,
                sum(if(household_key is null, owed_gbp, 0)) as unlinked_arrears_gbp
            from owed where debt_type = 'rent' group by all
        ) using (district_code, month)
    """,
    "fct_debt_overlap_month": """
        with counted as (
            select
                district_code, month,
                count(*) filter (where debt_type = 'council_tax' and household_key is not null)
                    as council_tax_household_count,
                count(*) filter (where debt_type = 'rent' and household_key is not null)
                    as rent_household_count,
                count(*) filter (where debt_type = 'rent' and owes_both) as both_count,
                sum(if(owes_both and debt_type = 'council_tax', owed_gbp, 0))
                    as both_council_tax_gbp,
                max(if(owes_both and debt_type = 'council_tax', owed_gbp, 0))
                    as largest_both_council_tax_gbp,
                sum(if(owes_both and debt_type = 'rent', owed_gbp, 0)) as both_rent_gbp,
                max(if(owes_both and debt_type = 'rent', owed_gbp, 0)) as largest_both_rent_gbp
            from owed
            group by all
        )
        select
            district_code, month, rents.has_council_homes, is_held as is_comparable,
            council_tax_household_count, council_tax_household_count - both_count
                as council_tax_alone_count,
            if(is_held, rent_household_count, null) as rent_household_count,
            if(is_held, rent_household_count - both_count, null) as rent_alone_count,
            if(is_held, columns('^(largest_)?both_'), null)
        from counted
        inner join marts.fct_rent_month as rents using (district_code, month)
    """,
}

_REASONS = {
    "cannot_pay": "in ('in_crisis', 'at_risk')",
    "in_crisis": "= 'in_crisis'",
    "at_risk": "= 'at_risk'",
    "will_not_pay": "= 'margin_covers'",
    "cannot_tell": "in ('margin_too_small', 'margin_unknown', 'not_looked_at', 'protected')",
    "margin_too_small": "= 'margin_too_small'",
    "margin_unknown": "= 'margin_unknown'",
    "not_looked_at": "= 'not_looked_at'",
    "protected": "= 'protected'",
}


def _by_reason() -> str:
    counts = [f"count(*) filter (where ability_reason {held}) as {group}_count"
              for group, held in _REASONS.items()]  # fmt: skip
    pounds = [
        f"coalesce({function}(owed_gbp) filter (where {held}), 0) as {prefix}{group}_gbp"
        for group, held in {
            **{group: f"ability_reason {_REASONS[group]}" for group in
               ("cannot_pay", "will_not_pay", "cannot_tell")},
            "unlinked": "ability_reason is null",
        }.items()
        for function, prefix in (("sum", ""), ("max", "largest_"))
    ]  # fmt: skip
    return ", ".join([*counts, *pounds])


# Overdue and rent say the same of accounts and pounds; households are those of the debts.
_HOUSEHOLD_DEBTS = f"""
    with told as (
        select
            district_code, month, 'council_tax' as debt_type, true as is_applicable,
            true as is_held, account_count, overdue_account_count as owing_account_count,
            overdue_gbp as owed_gbp, largest_household_overdue_gbp as largest_owed_gbp
        from marts.fct_overdue_month
        where month in (select month from accounts)
        union all
        select
            district_code, month, 'rent', has_council_homes, is_held, account_count,
            arrears_account_count, arrears_gbp, largest_arrears_gbp
        from marts.fct_rent_month
    ),
    added as (
        select
            district_code, month, debt_type, {_by_reason()},
            count(household_key) as household_count,
            count(*) filter (where household_key is null) as unlinked_account_count
        from owed
        group by all
    ),
    counted as (
        select district_code, month, debt_type, count(*) as debt_count from debts group by all
    )
    select
        told.*, if(is_held, coalesce(debt_count, 0), null) as debt_count,
        if(is_held, coalesce(columns(added.* exclude (district_code, month, debt_type)), 0), null)
    from told
    left join added using (district_code, month, debt_type)
    left join counted using (district_code, month, debt_type)
"""


def fill(con: duckdb.DuckDBPyConnection) -> None:
    """Fill the marts of debts in the months of the made-up accounts."""
    con.execute("delete from marts.fct_overdue_month where month in (select month from accounts)")
    con.execute("delete from marts.fct_rent_month")
    for mart, query in {**_DEBTS, "fct_household_debt_month": _HOUSEHOLD_DEBTS}.items():
        con.execute(f"insert into marts.{mart} by name {query}")
