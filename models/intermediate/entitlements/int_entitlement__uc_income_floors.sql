with

    all_adults as (select * from {{ ref("int_entitlement__adults") }}),

    adults as (select * from {{ ref("int_entitlement__adult_means") }}),

    unit_people as (select * from {{ ref("int_entitlement__unit_people") }}),

    rates as (select * from {{ ref("int_entitlement_rates_uc") }}),

    tax_rates as (select * from {{ ref("int_entitlement_rates_tax") }}),

    -- Only where somebody is self-employed is there a floor, for the partner a threshold.
    self_employed_units as (
        select unit_number
        from all_adults
        where is_self_employed and is_claimant
        group by unit_number
    ),

    claimants as (
        select adults.*
        from adults
        inner join self_employed_units on adults.unit_number = self_employed_units.unit_number
    ),

    units as (
        select
            unit_number,
            sum(net_earnings_gbp) as net_earnings_gbp,
            -- The parent who earns less is taken to be the one who looks after the children.
            min_by(person_number, (earnings_gbp, person_number)) as carer_person_number
        from claimants
        group by unit_number
    ),

    expected as (
        select
            claimants.unit_number,
            claimants.period_key,
            claimants.net_earnings_gbp,
            units.net_earnings_gbp - claimants.net_earnings_gbp as partner_net_earnings_gbp,
            claimants.is_self_employed
            and not claimants.is_in_start_up_period
            and not claimants.is_of_pension_age as has_floor,
            case
                when claimants.is_unable_to_work or claimants.is_of_pension_age
                then 0
                when
                    unit_people.child_count = 0
                    or units.carer_person_number <> claimants.person_number
                then rates.expected_hours
                when unit_people.youngest_child_age < rates.no_hours_below_child_age
                then 0
                when unit_people.youngest_child_age < rates.school_age
                then rates.expected_hours_child_under_5
                when unit_people.youngest_child_age < rates.fewer_hours_below_child_age
                then rates.expected_hours_child_under_13
                else rates.expected_hours
            end * case
                when claimants.age_years < rates.adult_wage_age
                then rates.minimum_wage_18_to_20
                when claimants.age_years < rates.oldest_wage_step_age
                then rates.minimum_wage_21_to_22
                else rates.minimum_wage_21_and_over
            end
            * 52 as expected_earnings_gbp
        from claimants
        inner join units on claimants.unit_number = units.unit_number
        inner join unit_people on claimants.unit_number = unit_people.unit_number
        inner join rates on claimants.period_key = rates.period_key
    ),

    -- Less the tax and contributions that such earnings would bear (reg 62(4)).
    thresholds as (
        select
            expected.unit_number,
            expected.net_earnings_gbp,
            expected.partner_net_earnings_gbp,
            expected.has_floor,
            expected.expected_earnings_gbp
            - greatest(expected.expected_earnings_gbp - tax_rates.personal_allowance, 0)
            * tax_rates.rate_basic
            - greatest(expected.expected_earnings_gbp - tax_rates.ni_class_4_lower_limit, 0)
            * tax_rates.ni_class_4_main
            - case
                when expected.expected_earnings_gbp >= tax_rates.ni_class_2_threshold
                then tax_rates.ni_class_2_weekly * 52
                else 0
            end as own_threshold_gbp
        from expected
        inner join tax_rates on expected.period_key = tax_rates.period_key
    ),

    joint_thresholds as (
        select unit_number, sum(own_threshold_gbp) as joint_threshold_gbp
        from thresholds
        group by unit_number
    ),

    -- With a partner the floor is no more than what is missing from the thresholds of both together
    -- (SI 2013/376 reg 62(3)).
    floors as (
        select
            thresholds.unit_number,
            case
                when thresholds.has_floor
                then
                    greatest(
                        least(
                            thresholds.own_threshold_gbp,
                            joint_thresholds.joint_threshold_gbp
                            - thresholds.partner_net_earnings_gbp
                        )
                        - thresholds.net_earnings_gbp,
                        0
                    )
                else 0
            end as raised_gbp
        from thresholds
        inner join joint_thresholds on thresholds.unit_number = joint_thresholds.unit_number
    )

select unit_number, sum(raised_gbp) as raised_gbp
from floors
group by unit_number
