with

    dwellings as (select * from {{ ref("int_entitlement_dwellings") }}),

    rooms as (select * from {{ ref("int_entitlement__rooms") }}),

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

    homes as (
        select
            rooms.unit_number,
            rooms.home_number,
            rooms.period_key,
            rooms.grown_up_without_care_count,
            rooms.room_count,
            rooms.adult_with_daily_living_benefit_count > 0 as is_exempt_from_deductions,
            dwellings.tenure,
            dwellings.brma_code,
            -- Eligible service charges are met with the rent (SI 2013/376 Sch 1 para 7; SI 2006/214
            -- reg 12).
            cast(
                dwellings.annual_rent_gbp + dwellings.annual_service_charge_gbp as double
            ) as annual_rent_gbp,
            cast(dwellings.annual_council_tax_gbp as double) as annual_council_tax_gbp,
            case
                when
                    rooms.adult_count = 1
                    and rooms.child_count = 0
                    and rooms.non_dependant_count = 0
                    and rooms.adult_with_daily_living_benefit_count = 0
                    and rooms.oldest_adult_age < rates.shared_accommodation_age
                then 0
                else least(rooms.room_count, 4)
            end as lha_bedroom_count,
            case
                when dwellings.bedroom_count - rooms.room_count = 1
                then rates.reduction_spare_room_one
                when dwellings.bedroom_count - rooms.room_count > 1
                then rates.reduction_spare_room_more
                else 0
            end as spare_room_share
        from rooms
        inner join dwellings on rooms.home_number = dwellings.home_number
        inner join rates on rooms.period_key = rates.period_key
    )

select
    homes.unit_number,
    homes.home_number,
    homes.period_key,
    homes.grown_up_without_care_count,
    homes.room_count,
    homes.is_exempt_from_deductions,
    homes.annual_council_tax_gbp,
    homes.lha_bedroom_count,
    allowances.weekly_lha_gbp,
    allowances.monthly_lha_gbp,
    case
        when homes.tenure = 'private_tenant'
        then least(homes.annual_rent_gbp, allowances.monthly_lha_gbp * 12)
        when homes.tenure = 'social_tenant'
        then homes.annual_rent_gbp * (1 - homes.spare_room_share)
        else 0
    end as uc_core_rent_gbp,
    case
        when homes.tenure = 'private_tenant'
        then least(homes.annual_rent_gbp, allowances.weekly_lha_gbp * 52)
        when homes.tenure = 'social_tenant'
        then homes.annual_rent_gbp
        else 0
    end as hb_eligible_rent_gbp,
    case
        when homes.tenure = 'social_tenant'
        then homes.annual_rent_gbp * homes.spare_room_share
        else 0
    end as spare_room_reduction_gbp
from homes
left join
    allowances
    on homes.period_key = allowances.period_key
    and homes.brma_code = allowances.brma_code
    and homes.lha_bedroom_count = allowances.bedroom_count
