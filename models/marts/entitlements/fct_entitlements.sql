with

    assessed as (select * from {{ ref("int_entitlement_months__pension_age") }}),

    -- The guarantee credit stands for the means test of the other two (SI 2006/214 reg 26), but its
    -- own amount no extract tells.
    benefits as (
        select
            district_code,
            household_key,
            month,
            'pc' as benefit_code,
            pension_credit_gbp as annual_estimate_gbp,
            savings_credit_in_payment_gbp as annual_in_payment_gbp,
            case
                when is_on_guarantee_credit
                then 'amount_not_held'
                when not are_people_known
                then 'people_not_known'
                when not is_income_known
                then 'income_not_known'
                when not is_capital_known
                then 'capital_not_known'
            end as not_assessable_reason,
            has_children as is_some_assumed
        from assessed
        union all
        select
            district_code,
            household_key,
            month,
            'hb' as benefit_code,
            housing_benefit_gbp as annual_estimate_gbp,
            housing_benefit_in_payment_gbp as annual_in_payment_gbp,
            case
                when not are_people_known
                then 'people_not_known'
                when not is_rent_known
                then 'rent_not_known'
                when not is_income_known and not is_on_guarantee_credit
                then 'income_not_known'
                when not is_capital_known and not is_on_guarantee_credit
                then 'capital_not_known'
            end as not_assessable_reason,
            has_children as is_some_assumed
        from assessed
        union all
        -- What a year's account is charged may be for a part of the year.
        select
            district_code,
            household_key,
            month,
            'cts' as benefit_code,
            council_tax_reduction_gbp as annual_estimate_gbp,
            support_in_payment_gbp as annual_in_payment_gbp,
            case
                when not are_people_known
                then 'people_not_known'
                when not is_council_tax_known
                then 'council_tax_not_known'
                when not is_income_known and not is_on_guarantee_credit
                then 'income_not_known'
                when not is_capital_known and not is_on_guarantee_credit
                then 'capital_not_known'
            end as not_assessable_reason,
            true as is_some_assumed
        from assessed
    ),

    months as (
        select
            *,
            case
                when not_assessable_reason is null
                then cast(round(annual_estimate_gbp / 12, 2) as decimal(18, 2))
            end as estimate_gbp,
            case
                when coalesce(not_assessable_reason, '') <> 'amount_not_held'
                then cast(round(annual_in_payment_gbp / 12, 2) as decimal(18, 2))
            end as in_payment_gbp
        from benefits
    )

select
    months.district_code,
    months.household_key,
    months.month,
    months.benefit_code,
    months.estimate_gbp,
    months.in_payment_gbp,
    cast(months.estimate_gbp - months.in_payment_gbp as decimal(18, 2)) as gap_gbp,
    case
        when months.not_assessable_reason is not null
        then months.not_assessable_reason
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
