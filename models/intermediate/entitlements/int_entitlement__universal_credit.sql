with

    elements as (select * from {{ ref("int_entitlement__uc_elements") }}),

    means as (select * from {{ ref("int_entitlement__uc_means") }}),

    child_benefit as (select * from {{ ref("int_entitlement__child_benefit") }}),

    maximum_amounts as (
        select
            means.*,
            elements.standard_allowance_gbp,
            elements.childcare_element_gbp,
            child_benefit.child_benefit_gbp,
            case
                when means.is_within_conditions
                then
                    elements.standard_allowance_gbp
                    + elements.child_element_gbp
                    + elements.disabled_child_gbp
                    + elements.health_element_gbp
                    + elements.carer_element_gbp
                    + elements.housing_element_gbp
                    + elements.childcare_element_gbp
                else 0
            end as maximum_gbp
        from means
        inner join elements on means.unit_number = elements.unit_number
        inner join child_benefit on means.unit_number = child_benefit.unit_number
    ),

    awards_before_cap as (
        select
            *,
            least(income_gbp, maximum_gbp) as income_reduction_gbp,
            case
                when claims_universal_credit then greatest(maximum_gbp - income_gbp, 0) else 0
            end as before_cap_gbp
        from maximum_amounts
    ),

    -- Childcare stays outside the cap (SI 2013/376 reg 80(2A) and (4)).
    awards_capped as (
        select
            *,
            case
                when is_exempt_from_cap
                then 0
                else
                    greatest(
                        least(
                            before_cap_gbp - childcare_element_gbp + child_benefit_gbp - cap_gbp,
                            before_cap_gbp - childcare_element_gbp
                        ),
                        0
                    )
            end as cap_reduction_gbp
        from awards_before_cap
    )

-- What is owed is asked for up to a share of the standard allowance; a penny of the award is left
-- (SI 2013/380 Sch 6 para 3).
select
    unit_number,
    work_allowance_gbp,
    earned_income_gbp,
    capital_income_gbp,
    unearned_income_gbp,
    income_gbp,
    cap_gbp,
    is_exempt_from_cap,
    maximum_gbp,
    income_reduction_gbp,
    before_cap_gbp,
    cap_reduction_gbp,
    before_cap_gbp - cap_reduction_gbp as universal_credit_gbp,
    deductions_asked_gbp,
    standard_allowance_gbp * deductions_cap as deductions_cap_gbp,
    least(
        deductions_asked_gbp,
        standard_allowance_gbp * deductions_cap,
        greatest(before_cap_gbp - cap_reduction_gbp - 0.12, 0)
    ) as deductions_gbp
from awards_capped
