-- Households and pounds a week by district and age group, against the monthly groups of the mart;
-- and every working-age household has its unit, its home and somebody in it.
with

    caseload as (select * from {{ ref("int_caseload_households") }}),

    cts_months as (select * from {{ ref("fct_cts_month") }}),

    last_months as (
        select district_code, max(month) as month
        from cts_months
        where household_count > 0
        group by district_code
    ),

    in_caseload as (
        select
            district_code,
            month,
            cts_age_group,
            count(*) as household_count,
            sum(weekly_award_gbp) as weekly_award_gbp
        from caseload
        group by district_code, month, cts_age_group
    ),

    in_mart as (
        select
            cts_months.district_code,
            cts_months.month,
            cts_months.cts_age_group,
            sum(cts_months.household_count) as household_count,
            sum(cts_months.weekly_award_gbp) as weekly_award_gbp
        from cts_months
        inner join
            last_months
            on cts_months.district_code = last_months.district_code
            and cts_months.month = last_months.month
        group by cts_months.district_code, cts_months.month, cts_months.cts_age_group
    ),

    units_without_inputs as (
        select caseload.district_code
        from caseload
        left join
            {{ ref("int_caseload_units") }} as units on caseload.unit_number = units.unit_number
        left join
            {{ ref("int_caseload_dwellings") }} as dwellings
            on caseload.unit_number = dwellings.home_number
        left join
            {{ ref("int_caseload_people") }} as people
            on caseload.unit_number = people.unit_number
            and people.role = 'claimant'
        left join
            {{ ref("int_caseload_periods") }} as periods on caseload.month = periods.period_key
        where
            caseload.cts_age_group = 'working'
            and (
                units.unit_number is null
                or dwellings.home_number is null
                or people.unit_number is null
                or periods.period_key is null
            )
    )

select coalesce(in_caseload.district_code, in_mart.district_code) as district_code
from in_caseload
full outer join
    in_mart
    on in_caseload.district_code = in_mart.district_code
    and in_caseload.month = in_mart.month
    and in_caseload.cts_age_group = in_mart.cts_age_group
where
    coalesce(in_caseload.household_count, 0) <> coalesce(in_mart.household_count, 0)
    or coalesce(in_caseload.weekly_award_gbp, 0) <> coalesce(in_mart.weekly_award_gbp, 0)
union all
select district_code
from units_without_inputs
