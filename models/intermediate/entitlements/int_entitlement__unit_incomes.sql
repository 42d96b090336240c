with

    adults as (select * from {{ ref("int_entitlement__adult_means") }}),

    floors as (select * from {{ ref("int_entitlement__uc_income_floors") }}),

    -- Two claimants at most, so that adding them has one result in whatever order.
    units as (
        select
            unit_number,
            sum(earnings_gbp) as gross_earnings_gbp,
            sum(net_earnings_gbp) as net_earnings_gbp,
            sum(uc_unearned_gbp) as uc_unearned_gbp,
            sum(pension_age_unearned_gbp) as pension_age_unearned_gbp,
            sum(carers_allowance_gbp) as carers_allowance_gbp,
            sum(deducted_gbp) as deducted_gbp,
            count(case when earnings_gbp > 0 then 1 end) as working_adult_count,
            count(
                case when earnings_gbp > 0 or is_unable_to_work then 1 end
            ) as working_or_unable_adult_count,
            max(weekly_hours) as longest_weekly_hours,
            count(case when is_carer then 1 end) as carer_count,
            count(case when has_carer_element then 1 end) as carer_element_count
        from adults
        group by unit_number
    )

select
    units.unit_number,
    units.gross_earnings_gbp,
    units.net_earnings_gbp,
    coalesce(floors.raised_gbp, 0) as income_floor_gbp,
    units.net_earnings_gbp + coalesce(floors.raised_gbp, 0) as counted_earnings_gbp,
    units.uc_unearned_gbp,
    units.pension_age_unearned_gbp,
    units.carers_allowance_gbp,
    units.deducted_gbp,
    units.working_adult_count,
    units.working_or_unable_adult_count,
    units.longest_weekly_hours,
    units.carer_count,
    units.carer_element_count
from units
left join floors on units.unit_number = floors.unit_number
