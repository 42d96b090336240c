-- Counted from the extracts in force, not from the rules: who has an award or a running claim has
-- one
-- row for support and one for the winter; of pension age (both of a couple) one for Pension Credit,
-- and everybody else one for Universal Credit. Months that are not assessed are left out.
with

    periods as (select * from {{ ref("int_entitlement_periods") }}),

    awards as (select * from {{ ref("int_uc__periods") }}),

    running_claims as (select * from {{ ref("int_housing_benefit__running_claims") }}),

    support as (select * from {{ ref("int_cts__circumstances") }}),

    entitlements as (select * from {{ ref("fct_entitlements") }}),

    claims as (
        select district_code, household_key, month, 1 as place, false as is_pensioner
        from awards
        where household_key is not null
        union all
        select
            district_code,
            household_key,
            month,
            2 as place,
            claimant_pension_age_month <= month
            and (not has_partner or partner_pension_age_month <= month) as is_pensioner
        from running_claims
        union all
        select
            district_code,
            household_key,
            month,
            3 as place,
            claimant_pension_age_month <= month
            and (not has_partner or partner_pension_age_month <= month) as is_pensioner
        from support
    ),

    households as (
        select
            claims.district_code,
            claims.household_key,
            claims.month,
            min_by(coalesce(claims.is_pensioner, false), claims.place) as is_pensioner
        from claims
        inner join periods on claims.month = periods.period_key
        group by claims.district_code, claims.household_key, claims.month
    ),

    expected as (
        select
            district_code,
            month,
            count(*) as household_count,
            count(case when is_pensioner then 1 end) as pensioner_count
        from households
        group by district_code, month
    ),

    rows_written as (
        select
            district_code,
            month,
            count(case when benefit_code = 'cts' then 1 end) as cts_count,
            count(case when benefit_code = 'whd' then 1 end) as whd_count,
            count(case when benefit_code = 'pc' then 1 end) as pc_count,
            count(case when benefit_code = 'uc' then 1 end) as uc_count
        from entitlements
        group by district_code, month
    )

select
    coalesce(expected.district_code, rows_written.district_code) as district_code,
    coalesce(expected.month, rows_written.month) as month,
    expected.household_count,
    expected.pensioner_count,
    rows_written.cts_count,
    rows_written.whd_count,
    rows_written.pc_count,
    rows_written.uc_count
from expected
full outer join
    rows_written
    on expected.district_code = rows_written.district_code
    and expected.month = rows_written.month
where
    coalesce(expected.household_count, 0) <> coalesce(rows_written.cts_count, 0)
    or coalesce(expected.household_count, 0) <> coalesce(rows_written.whd_count, 0)
    or coalesce(expected.pensioner_count, 0) <> coalesce(rows_written.pc_count, 0)
    or coalesce(expected.household_count - expected.pensioner_count, 0)
    <> coalesce(rows_written.uc_count, 0)
