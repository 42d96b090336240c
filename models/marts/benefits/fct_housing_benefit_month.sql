with

    benefit_spend as (select * from {{ ref("fct_benefit_spend") }}),

    circumstances as (select * from {{ ref("fct_household_circumstances") }}),

    -- Where the benefit ended in the month, nothing tells the tenancy at its end.
    spend_with_tenancy as (
        select
            benefit_spend.district_code,
            benefit_spend.month,
            coalesce(circumstances.tenancy, 'not_told') as tenancy,
            benefit_spend.is_in_payment,
            benefit_spend.weekly_award_gbp,
            benefit_spend.accrued_gbp
        from benefit_spend
        left join
            circumstances
            on benefit_spend.district_code = circumstances.district_code
            and benefit_spend.household_key = circumstances.household_key
            and benefit_spend.month = circumstances.month
            and circumstances.source_feed = 'housing_benefit'
        where benefit_spend.benefit_code = 'hb'
    )

select
    district_code,
    month,
    tenancy,
    cast(sum(case when is_in_payment then 1 else 0 end) as integer) as household_count,
    cast(sum(weekly_award_gbp) as decimal(18, 2)) as weekly_benefit_gbp,
    cast(sum(accrued_gbp) as decimal(18, 2)) as accrued_gbp,
    cast(max(accrued_gbp) as decimal(18, 2)) as largest_household_gbp,
    cast(max(weekly_award_gbp) as decimal(18, 2)) as largest_weekly_gbp,
    {{ build_id() }} as build_id
from spend_with_tenancy
group by district_code, month, tenancy
