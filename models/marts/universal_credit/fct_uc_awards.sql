with

    periods as (select * from {{ ref("int_uc__periods") }}),

    cts_award_months as (select * from {{ ref("int_cts__household_awards") }}),

    -- One row a claim or a household: two award periods of support in a month are one answer.
    claims_with_cts as (
        select district_code, month, claim_key
        from cts_award_months
        group by district_code, month, claim_key
    ),

    households_with_cts as (
        select month, household_key from cts_award_months group by month, household_key
    ),

    -- By the claim that the share names, and by the household: either shows that support is there,
    -- whichever of the two is missing.
    support_looked_up as (
        select
            periods.*,
            claims_with_cts.claim_key is not null
            or households_with_cts.household_key is not null as has_cts_award
        from periods
        left join
            claims_with_cts
            on periods.district_code = claims_with_cts.district_code
            and periods.month = claims_with_cts.month
            and periods.cts_claim_key = claims_with_cts.claim_key
        left join
            households_with_cts
            on periods.month = households_with_cts.month
            and periods.household_key = households_with_cts.household_key
    )

select
    district_code,
    month,
    uc_key,
    household_key,
    is_linked,
    lsoa_code,
    period_start,
    period_end,
    cast(claimant_age_at_month_end as integer) as claimant_age_at_month_end,
    has_partner,
    cast(child_count as integer) as child_count,
    housing_tenure,
    is_housing_paid_to_landlord,
    cast(standard_allowance_gbp as decimal(18, 2)) as standard_allowance_gbp,
    cast(child_element_gbp as decimal(18, 2)) as child_element_gbp,
    cast(disabled_child_element_gbp as decimal(18, 2)) as disabled_child_element_gbp,
    cast(health_element_gbp as decimal(18, 2)) as health_element_gbp,
    cast(carer_element_gbp as decimal(18, 2)) as carer_element_gbp,
    cast(childcare_element_gbp as decimal(18, 2)) as childcare_element_gbp,
    cast(housing_element_gbp as decimal(18, 2)) as housing_element_gbp,
    cast(earnings_gbp as decimal(18, 2)) as earnings_gbp,
    cast(earnings_deduction_gbp as decimal(18, 2)) as earnings_deduction_gbp,
    cast(other_income_deduction_gbp as decimal(18, 2)) as other_income_deduction_gbp,
    cast(capital_gbp as decimal(18, 2)) as capital_gbp,
    cast(benefit_cap_reduction_gbp as decimal(18, 2)) as benefit_cap_reduction_gbp,
    cast(award_gbp as decimal(18, 2)) as award_gbp,
    cast(deductions_gbp as decimal(18, 2)) as deductions_gbp,
    cast(net_award_gbp as decimal(18, 2)) as net_award_gbp,
    has_cts_interest,
    has_cts_award,
    has_cts_interest and not has_cts_award and award_gbp > 0 as is_cts_interest_without_award,
    {{ build_id() }} as build_id
from support_looked_up
