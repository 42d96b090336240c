-- Less than a pound a week either way is rounding between systems.
with

    scheme_awards as (
        select * from {{ ref("int_caseload_scheme_awards") }} where standing = 'documented'
    ),

    changes as (
        select
            *,
            not_assessable_reason is null as is_compared,
            case
                when not_assessable_reason is null then award_gbp - in_payment_gbp
            end as change_gbp
        from scheme_awards
    )

select
    district_code,
    month,
    scheme_key,
    cast(count(*) as integer) as household_count,
    cast(count(case when is_compared then 1 end) as integer) as compared_count,
    cast(count(case when award_gbp > 0 then 1 end) as integer) as awarded_count,
    cast(count(case when change_gbp >= 52 then 1 end) as integer) as gainer_count,
    cast(count(case when change_gbp <= -52 then 1 end) as integer) as loser_count,
    cast(coalesce(sum(award_gbp), 0) as decimal(18, 2)) as cost_gbp,
    cast(coalesce(max(award_gbp), 0) as decimal(18, 2)) as largest_cost_gbp,
    cast(
        coalesce(sum(case when is_compared then in_payment_gbp end), 0) as decimal(18, 2)
    ) as in_payment_gbp,
    cast(
        coalesce(max(case when is_compared then in_payment_gbp end), 0) as decimal(18, 2)
    ) as largest_in_payment_gbp,
    {{ build_id() }} as build_id
from changes
group by district_code, month, scheme_key
