with

    adults as (select * from {{ ref("int_entitlement__adult_incomes") }}),

    rates as (select * from {{ ref("int_entitlement_rates_tax") }}),

    contributors as (
        select
            adults.*,
            case
                when adults.is_of_pension_age then 0 else adults.employment_gbp
            end as class_1_earnings_gbp,
            case
                when adults.is_of_pension_age then 0 else adults.self_employment_gbp
            end as class_4_earnings_gbp,
            rates.ni_primary_threshold,
            rates.ni_upper_earnings_limit,
            rates.ni_class_1_main,
            rates.ni_class_1_additional,
            rates.ni_class_2_weekly,
            rates.ni_class_2_threshold,
            rates.ni_class_4_lower_limit,
            rates.ni_class_4_upper_limit,
            rates.ni_class_4_main,
            rates.ni_class_4_additional
        from adults
        inner join rates on adults.period_key = rates.period_key
    ),

    contributions as (
        select
            *,
            ni_class_1_main * greatest(
                least(class_1_earnings_gbp, ni_upper_earnings_limit) - ni_primary_threshold, 0
            )
            + ni_class_1_additional
            * greatest(class_1_earnings_gbp - ni_upper_earnings_limit, 0) as class_1_gbp,
            case
                when class_4_earnings_gbp >= ni_class_2_threshold then ni_class_2_weekly * 52 else 0
            end as class_2_gbp,
            ni_class_4_main * greatest(
                least(class_4_earnings_gbp, ni_class_4_upper_limit) - ni_class_4_lower_limit, 0
            )
            + ni_class_4_additional
            * greatest(class_4_earnings_gbp - ni_class_4_upper_limit, 0) as class_4_gbp
        from contributors
    )

select
    period_key,
    unit_number,
    person_number,
    is_claimant,
    age_years,
    is_of_pension_age,
    has_lcwra,
    is_unable_to_work,
    is_in_start_up_period,
    weekly_hours,
    is_carer,
    employment_gbp,
    self_employment_gbp,
    is_self_employed,
    taxed_earnings_gbp,
    earnings_gbp,
    uc_unearned_gbp,
    pension_age_unearned_gbp,
    carers_allowance_gbp,
    taxable_income_gbp,
    class_1_gbp,
    class_2_gbp,
    class_4_gbp,
    class_1_gbp + class_2_gbp + class_4_gbp as national_insurance_gbp
from contributions
