with

    adults as (select * from {{ ref("int_entitlement__adult_incomes") }}),

    rates as (select * from {{ ref("int_entitlement_rates_tax") }}),

    contributors as (
        select
            adults.person_number,
            case
                when adults.is_of_pension_age then 0 else adults.employment_gbp
            end as employment_gbp,
            case
                when adults.is_of_pension_age then 0 else adults.self_employment_gbp
            end as self_employment_gbp,
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
            person_number,
            ni_class_1_main
            * greatest(least(employment_gbp, ni_upper_earnings_limit) - ni_primary_threshold, 0)
            + ni_class_1_additional
            * greatest(employment_gbp - ni_upper_earnings_limit, 0) as class_1_gbp,
            case
                when self_employment_gbp >= ni_class_2_threshold then ni_class_2_weekly * 52 else 0
            end as class_2_gbp,
            ni_class_4_main * greatest(
                least(self_employment_gbp, ni_class_4_upper_limit) - ni_class_4_lower_limit, 0
            )
            + ni_class_4_additional
            * greatest(self_employment_gbp - ni_class_4_upper_limit, 0) as class_4_gbp
        from contributors
    )

select
    person_number,
    class_1_gbp,
    class_2_gbp,
    class_4_gbp,
    class_1_gbp + class_2_gbp + class_4_gbp as national_insurance_gbp
from contributions
