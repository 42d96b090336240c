-- Counted from the claims as landed, not from the rules: both of a couple must be of pension age.
-- Months before the first rates are not assessed.
with

    running_claims as (select * from {{ ref("int_housing_benefit__running_claims") }}),

    periods as (select * from {{ ref("int_entitlement_periods") }}),

    entitlements as (select * from {{ ref("fct_entitlements") }}),

    pensioners as (
        select running_claims.district_code, running_claims.month, count(*) as household_count
        from running_claims
        inner join periods on running_claims.month = periods.period_key
        where
            running_claims.claimant_pension_age_month <= running_claims.month
            and (
                not running_claims.has_partner
                or running_claims.partner_pension_age_month <= running_claims.month
            )
        group by running_claims.district_code, running_claims.month
    ),

    rows_written as (
        select
            district_code,
            month,
            count(case when benefit_code = 'pc' then 1 end) as pc_count,
            count(case when benefit_code = 'hb' then 1 end) as hb_count,
            count(case when benefit_code = 'cts' then 1 end) as cts_count
        from entitlements
        group by district_code, month
    )

select
    coalesce(pensioners.district_code, rows_written.district_code) as district_code,
    coalesce(pensioners.month, rows_written.month) as month,
    pensioners.household_count,
    rows_written.pc_count,
    rows_written.hb_count,
    rows_written.cts_count
from pensioners
full outer join
    rows_written
    on pensioners.district_code = rows_written.district_code
    and pensioners.month = rows_written.month
where
    coalesce(pensioners.household_count, 0) <> coalesce(rows_written.pc_count, 0)
    or coalesce(pensioners.household_count, 0) <> coalesce(rows_written.hb_count, 0)
    or coalesce(pensioners.household_count, 0) <> coalesce(rows_written.cts_count, 0)
