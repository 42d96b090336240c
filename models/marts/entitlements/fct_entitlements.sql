with

    households as (select * from {{ ref("int_entitlement_households") }}),

    benefits as (
        {%- for benefit in [
            "pension_credit",
            "housing_benefit",
            "council_tax_support",
            "universal_credit",
            "council_tax_discount",
        ] %}
            select
                unit_number,
                benefit_code,
                annual_estimate_gbp,
                cast(null as integer) as entitled_count,
                annual_in_payment_gbp,
                not_assessable_reason,
                is_some_assumed
            from {{ ref("int_entitlement_months__" ~ benefit) }}
            union all
        {%- endfor %}
        select
            unit_number,
            benefit_code,
            annual_estimate_gbp,
            entitled_count,
            annual_in_payment_gbp,
            not_assessable_reason,
            true as is_some_assumed
        from {{ ref("int_entitlement_months__children") }}
        union all
        select
            unit_number,
            benefit_code,
            annual_estimate_gbp,
            cast(null as integer) as entitled_count,
            cast(null as double) as annual_in_payment_gbp,
            not_assessable_reason,
            true as is_some_assumed
        from {{ ref("int_entitlement_months__home_payments") }}
    ),

    months as (
        select
            *,
            case
                when not_assessable_reason is null
                then cast(round(annual_estimate_gbp / 12, 2) as decimal(18, 2))
            end as estimate_gbp,
            cast(round(annual_in_payment_gbp / 12, 2) as decimal(18, 2)) as in_payment_gbp
        from benefits
    )

select
    households.district_code,
    households.household_key,
    households.month,
    months.benefit_code,
    households.source_feed,
    months.estimate_gbp,
    months.entitled_count,
    months.in_payment_gbp,
    cast(months.estimate_gbp - months.in_payment_gbp as decimal(18, 2)) as gap_gbp,
    case
        when months.not_assessable_reason is not null
        then months.not_assessable_reason
        when months.in_payment_gbp is null
        then 'payment_not_held'
        when months.estimate_gbp = 0 and months.in_payment_gbp = 0
        then 'not_entitled'
        when months.in_payment_gbp = 0
        then 'unclaimed'
        -- A pound a week either way is rounding between systems, and no finding.
        when months.estimate_gbp - months.in_payment_gbp > 4.33
        then 'less_in_payment'
        when months.in_payment_gbp - months.estimate_gbp > 4.33
        then 'more_in_payment'
        else 'as_estimated'
    end as reason_code,
    case
        when months.not_assessable_reason is not null
        then 'not_assessable'
        when months.is_some_assumed
        then 'some_assumed'
        else 'observed'
    end as confidence,
    {{ build_id() }} as build_id
from months
inner join households on months.unit_number = households.unit_number
