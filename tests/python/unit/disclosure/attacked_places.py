"""Wards, new councils, schemes, budgets and forecasts of the attacked county.

Whoever is in no ward stands under other homes. The options for new councils are those of the seed,
with the districts that stay together under every option.
"""

from __future__ import annotations

import duckdb
from tiny_project import ROOT

_OPTIONS = ROOT / "seeds" / "reference" / "areas" / "kent_lgr_options.csv"
# What a ward needs, to be there for a benefit on average.
_COMPARED_FROM = 10

_MEMBERS = """
create temp table members as
with memberships as (
    select
        option_code, option_code || ' ' || new_council_name as place_key,
        new_council_name as place_name, authority_code,
        authority_code in (select district_code from sizes) as sends_extracts,
        dense_rank() over (order by option_code) as option_number
    from read_csv('$options', header = true, all_varchar = true)
    where has_boundary_data = 'true'
),
councils as (
    select
        authority_code,
        max(place_key) filter (where option_number = 1) as first_council_key,
        max(place_key) filter (where option_number = 2) as second_council_key,
        max(place_key) filter (where option_number = 3) as third_council_key,
        concat_ws(', ', first_council_key, second_council_key, third_council_key) as shared_key
    from memberships
    where sends_extracts
    group by authority_code
)
select *, 'council' as place_kind from memberships
union all by name
select
    'shared' as option_code, 'shared' as place_kind, shared_key as place_key,
    shared_key as place_name, true as sends_extracts, * exclude (shared_key)
from councils
"""

_WARDS = {
    "dim_ward": """
        select distinct
            district_code, ward_key, if(ward_key[:6] = 'others', null, ward_key) as ward_code,
            ward_key as ward_name, 1 as ward_count, 100 as household_minimum
        from homes
    """,
    # Which ward a household with support lives in is chance too, but the same every month.
    "fct_ward_cts_month": """
        select
            district_code, month, cts_age_group, count(*) as household_count,
            coalesce(ward_key, 'others in ' || district_code) as ward_key
        from marts.fct_benefit_spend
        left join homes using (district_code, household_key)
        where benefit_code = 'cts' and is_in_payment and month in (select month from accounts)
        group by all
    """,
    "fct_ward_month": """
        select * from (
            select
                district_code, ward_key, month,
                sum(columns('^(household|known|in_crisis|at_risk|struggling|coping|shortfall)_count$')),
                sum(shortfall_gbp) as shortfall_gbp,
                max(largest_shortfall_gbp) as largest_shortfall_gbp,
                sum(new_to_hardship_count) as new_to_hardship_count
            from (select *, lsoa_code as ward_key from marts.fct_living_standards_month)
            where month = (select max(month) from accounts)
            group by all
        ) full join (
            select
                district_code, ward_key, month, count(household_key) as overdue_household_count,
                sum(owed_gbp) as overdue_gbp, max(owed_gbp) as largest_household_overdue_gbp
            from owed where debt_type = 'council_tax' group by all
        ) using (district_code, ward_key, month)
    """,
    "fct_ward_entitlement_month": f"""
        with wards as (
            select district_code, benefit_code, benefit_name, month, ward_key,
                count(*) as compared_count,
                count(*) filter (where not is_unclaimed) as claiming_count,
                count(*) filter (where is_unclaimed) as unclaimed_count,
                sum(if(is_unclaimed, gap_gbp, 0)) as unclaimed_gbp,
                max(if(is_unclaimed, gap_gbp, 0)) as largest_unclaimed_gbp
            from assessed where is_compared group by all
        )
        select * from wards
        qualify avg(compared_count) over (partition by district_code, benefit_code)
            >= {_COMPARED_FROM}
    """,
}

_COUNCILS = {
    "bridge_new_council_member": """
        select place_key, place_kind, authority_code, authority_code as authority_name,
            sends_extracts
        from members
    """,
    "dim_new_council": """
        select
            place_key, place_kind, option_code, option_number, place_name,
            true as has_boundary_data, count(*) as member_count,
            count(*) filter (where sends_extracts) as sender_count,
            first_council_key, second_council_key, third_council_key
        from members
        group by all
    """,
    "fct_new_council_cts_month": """
        select
            place_key, district_code, month, if(place_kind = 'shared', month, null) as county_month,
            cts_age_group, sum(household_count) as household_count,
            sum(weekly_award_gbp) as weekly_award_gbp, sum(recognised_gbp) as recognised_gbp,
            max(largest_household_gbp) as largest_household_gbp
        from members
        inner join marts.fct_cts_month on authority_code = district_code
        where month in (select month from accounts)
        group by all
    """,
    "fct_new_council_bearer_month": """
        select
            place_key, district_code, month,
            if(bearer in ('county', 'district'), 'council', bearer) as new_bearer,
            shares_year, is_assumed_shares, sum(notional_share_gbp) as notional_share_gbp
        from members
        inner join marts.fct_cts_bearer_month on authority_code = district_code
        where month in (select month from accounts)
        group by all
    """,
    "fct_new_council_month": """
        select
            place_key, district_code, month, if(place_kind = 'shared', month, null) as county_month,
            overdue.* exclude (district_code, month), standards.* exclude (district_code, month),
            uc.household_count as uc_household_count, uc.cts_household_count as uc_with_cts_count
        from members
        inner join (
            select district_code, month, account_count, overdue_account_count,
                overdue_household_count, overdue_gbp, largest_household_overdue_gbp
            from marts.fct_overdue_month
        ) as overdue on authority_code = overdue.district_code
        inner join (
            select
                district_code, month,
                sum(columns('^(household|known|in_crisis|at_risk|struggling|coping|shortfall)_count$')),
                sum(shortfall_gbp) as shortfall_gbp,
                max(largest_shortfall_gbp) as largest_shortfall_gbp
            from marts.fct_living_standards_month
            group by all
        ) as standards using (district_code, month)
        left join marts.fct_uc_month as uc using (district_code, month)
    """,
}

_CTS = {
    # The scheme of a district and what each household of its last month would have under it.
    "dim_scheme": """
        select 'scheme ' || number as scheme_key, 'Scheme ' || number as scheme_name,
            'E0700010' || (4 + number) as district_code, '2026-27' as financial_year
        from (select unnest(range(1, 4)) as number)
    """,
    "fct_scheme_caseload": """
        with put as (
            select
                district_code, month, scheme_key, weekly_award_gbp * 52 as in_payment_gbp,
                cast(hash(household_key || scheme_key) % 1000 as integer) as chance,
                chance % 17 > 0 as is_compared,
                if(is_compared, chance % 30 * 52, null) as award_gbp,
                award_gbp - in_payment_gbp as change_gbp
            from marts.fct_benefit_spend
            cross join (select scheme_key from marts.dim_scheme) as schemes
            where benefit_code = 'cts' and cts_age_group = 'working'
                and month = date '2026-06-01'
        )
        select
            district_code, month, scheme_key, count(*) as household_count,
            count(*) filter (where is_compared) as compared_count,
            count(*) filter (where award_gbp > 0) as awarded_count,
            count(*) filter (where change_gbp >= 52) as gainer_count,
            count(*) filter (where change_gbp <= -52) as loser_count,
            coalesce(sum(award_gbp), 0) as cost_gbp,
            coalesce(max(award_gbp), 0) as largest_cost_gbp,
            coalesce(sum(if(is_compared, in_payment_gbp, 0)), 0) as in_payment_gbp,
            coalesce(max(if(is_compared, in_payment_gbp, 0)), 0) as largest_in_payment_gbp
        from put
        group by all
    """,
    "fct_ct_support": """
        select
            district_code, '2025-26' as financial_year, date '2025-10-06' as as_at_date, month,
            cts_age_group, ['a', 'b', 'c', 'a_with_relief'][1 + (chance % 50) // 16]
                as taxbase_band,
            count(*) as award_count, sum(weekly_award_gbp * 52) as annual_award_gbp,
            max(weekly_award_gbp * 52) as largest_award_gbp
        from marts.fct_benefit_spend
        cross join lateral (select cast(hash(household_key) % 1000 as integer) as chance)
        where benefit_code = 'cts' and month = date '2025-10-01'
        group by all
    """,
    # Each day that is left as a day of the month; a budget is given by some districts.
    "fct_cts_forecast": """
        with added as (
            select
                district_code, month, financial_year, days_in_month,
                sum(household_count) as household_count, sum(accrued_gbp) as accrued_gbp,
                sum(recognised_fytd_gbp) as recognised_fytd_gbp,
                max(largest_household_gbp) as largest_household_gbp,
                date_diff('day', last_day(month),
                    make_date(cast(financial_year[:4] as integer) + 1, 3, 31)) as days_left
            from marts.fct_cts_month
            inner join marts.dim_month using (month)
            group by all
        ),
        told as (
            select
                district_code, month, financial_year, household_count, recognised_fytd_gbp,
                round(recognised_fytd_gbp + accrued_gbp * days_left / days_in_month, 2)
                    as forecast_gbp,
                round(largest_household_gbp * 366 / days_in_month, 2) as largest_forecast_gbp,
                hash(district_code) % 3 > 0 as has_budget
            from added
        )
        select
            told.*, before.forecast_gbp as year_before_forecast_gbp,
            outturn.recognised_fytd_gbp as year_before_outturn_gbp,
            if(told.has_budget, 20000, null) as budget_gbp,
            if(told.has_budget, 8000, null) as budget_pension_gbp,
            if(told.has_budget, 12000, null) as budget_working_gbp
        from told
        left join told as before
            on told.district_code = before.district_code
            and told.month = before.month + interval 12 month
        left join told as outturn
            on told.district_code = outturn.district_code
            and before.financial_year = outturn.financial_year and month(outturn.month) = 3
    """,
}


def fill(con: duckdb.DuckDBPyConnection) -> None:
    """Fill the marts of places and of Council Tax Support; those of households are there."""
    con.execute(_MEMBERS.replace("$options", str(_OPTIONS)))
    con.execute("update marts.dim_district set shared_part_key = place_key from members "
                "where place_kind = 'shared' and authority_code = district_code")  # fmt: skip
    for mart, query in {**_WARDS, **_COUNCILS, **_CTS}.items():
        con.execute(f"insert into marts.{mart} by name {query}")
