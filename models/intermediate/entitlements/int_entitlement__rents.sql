with

    homes as (select * from {{ ref("int_entitlement__homes") }}),

    lha_rates as (select * from {{ ref("lha_rates") }}),

    periods as (select * from {{ ref("int_entitlement_periods") }}),

    rates as (select * from {{ ref("int_entitlement_rates_uc") }}),

    allowances as (
        select
            periods.period_key,
            lha_rates.brma_code,
            lha_rates.bedroom_count,
            lha_rates.weekly_lha_gbp,
            lha_rates.monthly_lha_gbp
        from periods
        inner join
            lha_rates
            on periods.age_reference_date between lha_rates.valid_from and lha_rates.valid_to
    ),

    homes_with_category as (
        select
            homes.*,
            case
                when
                    homes.may_be_shared_rate
                    and homes.oldest_adult_age < rates.shared_accommodation_age
                then 0
                else least(homes.room_count, 4)
            end as lha_bedroom_count,
            case
                when homes.bedroom_count - homes.room_count = 1
                then rates.reduction_spare_room_one
                when homes.bedroom_count - homes.room_count > 1
                then rates.reduction_spare_room_more
                else 0
            end as spare_room_share
        from homes
        inner join rates on homes.period_key = rates.period_key
    )

select
    homes_with_category.unit_number,
    homes_with_category.lha_bedroom_count,
    allowances.weekly_lha_gbp,
    allowances.monthly_lha_gbp,
    case
        when homes_with_category.tenure = 'private_tenant'
        then least(homes_with_category.annual_rent_gbp, allowances.monthly_lha_gbp * 12)
        when homes_with_category.tenure = 'social_tenant'
        then homes_with_category.annual_rent_gbp * (1 - homes_with_category.spare_room_share)
        else 0
    end as uc_core_rent_gbp,
    case
        when homes_with_category.tenure = 'private_tenant'
        then least(homes_with_category.annual_rent_gbp, allowances.weekly_lha_gbp * 52)
        when homes_with_category.tenure = 'social_tenant'
        then homes_with_category.annual_rent_gbp
        else 0
    end as hb_eligible_rent_gbp,
    case
        when homes_with_category.tenure = 'social_tenant'
        then homes_with_category.annual_rent_gbp * homes_with_category.spare_room_share
        else 0
    end as spare_room_reduction_gbp
from homes_with_category
left join
    allowances
    on homes_with_category.period_key = allowances.period_key
    and homes_with_category.brma_code = allowances.brma_code
    and homes_with_category.lha_bedroom_count = allowances.bedroom_count
