with

    entitlements as (select * from {{ ref("fct_entitlements") }}),

    benefits as (select * from {{ ref("dim_benefit") }}),

    -- Whether it is claimed can only be said where an extract tells of payments.
    marked as (
        select
            entitlements.district_code,
            entitlements.month,
            entitlements.benefit_code,
            benefits.benefit_name,
            entitlements.gap_gbp,
            entitlements.confidence <> 'not_assessable' as is_assessable,
            coalesce(entitlements.estimate_gbp, entitlements.entitled_count, 0) > 0 as is_entitled,
            coalesce(entitlements.estimate_gbp, 0) > 0
            and entitlements.in_payment_gbp is not null as is_compared,
            entitlements.reason_code = 'unclaimed' as is_unclaimed,
            entitlements.reason_code = 'less_in_payment' as is_short
        from entitlements
        inner join benefits on entitlements.benefit_code = benefits.benefit_code
    )

select
    district_code,
    month,
    benefit_code,
    benefit_name,
    cast(count(*) as integer) as household_count,
    cast(count(case when is_assessable then 1 end) as integer) as assessable_count,
    cast(count(case when is_entitled then 1 end) as integer) as entitled_count,
    cast(count(case when is_compared then 1 end) as integer) as compared_count,
    cast(count(case when is_compared and not is_unclaimed then 1 end) as integer) as claiming_count,
    cast(count(case when is_unclaimed then 1 end) as integer) as unclaimed_count,
    cast(sum(case when is_unclaimed then gap_gbp else 0 end) as decimal(18, 2)) as unclaimed_gbp,
    cast(
        max(case when is_unclaimed then gap_gbp else 0 end) as decimal(18, 2)
    ) as largest_unclaimed_gbp,
    cast(count(case when is_short then 1 end) as integer) as short_count,
    cast(sum(case when is_short then gap_gbp else 0 end) as decimal(18, 2)) as short_gbp,
    cast(max(case when is_short then gap_gbp else 0 end) as decimal(18, 2)) as largest_short_gbp,
    {{ build_id() }} as build_id
from marked
group by district_code, month, benefit_code, benefit_name
