{{ config(materialized="view") }}

with

    told as (select * from {{ ref("int_living_standards__told") }}),

    month_figures as (select * from {{ ref("int_living_standards__month_figures") }}),

    -- Who tells: Universal Credit in payment, else the claim for Housing Benefit that runs, else
    -- the support in payment. A passport tells that income is low and not how low: on guarantee
    -- credit it is at least the guarantee, on another it is unknown. What support assesses of a
    -- household on Universal Credit leaves out help with rent: without the award, unknown.
    sources_chosen as (
        select
            *,
            case
                when has_uc
                then 'universal_credit'
                when is_on_guarantee_credit
                then 'guarantee_credit'
                when is_passported_otherwise
                then 'unknown'
                when has_usable_incomes
                then 'housing_benefit'
                when has_claim
                then 'unknown'
                when is_cts_passported and cts_age_group = 'pension'
                then 'guarantee_credit'
                when is_cts_passported or is_cts_on_uc
                then 'unknown'
                when assessed_income_gbp is not null
                then 'cts'
                else 'unknown'
            end as income_source,
            coalesce(uc_has_partner, claim_has_partner, cts_has_partner) as has_partner,
            coalesce(uc_child_count, claim_child_count, cts_child_count) as child_count,
            case
                when cts_age_group is not null
                then cts_age_group
                when has_uc
                then 'working'
                when is_claim_of_pension_age
                then 'pension'
                when not is_claim_of_pension_age
                then 'working'
            end as age_group,
            coalesce(claim_earnings_gbp, 0)
            + coalesce(claim_benefits_gbp, 0)
            + coalesce(claim_other_income_gbp, 0) as listed_gbp
        from told
    ),

    guarantees_looked_up as (
        select
            sources_chosen.*,
            month_figures.child_benefit_eldest_gbp,
            month_figures.child_benefit_other_gbp,
            case
                when sources_chosen.has_partner
                then month_figures.guarantee_couple_gbp
                when not sources_chosen.has_partner
                then month_figures.guarantee_single_gbp
            end as guarantee_gbp
        from sources_chosen
        left join month_figures on sources_chosen.month = month_figures.month
    )

select
    household_key,
    month,
    district_code,
    lsoa_code,
    uc_period_start,
    has_home,
    has_claim,
    has_cts,
    age_group,
    income_source,
    has_partner,
    child_count,
    rent_gbp,
    contractual_rent_gbp,
    eligible_rent_gbp,
    housing_element_gbp,
    cts_council_tax_gbp,
    account_council_tax_gbp,
    is_uc_capped,
    is_claim_capped,
    is_over_deductions_cap,
    is_rent_over_lha,
    case
        when income_source = 'universal_credit'
        then uc_earnings_gbp
        when income_source in ('housing_benefit', 'guarantee_credit')
        then coalesce(claim_earnings_gbp, 0)
        when income_source = 'cts'
        then 0
    end as earnings_gbp,
    case
        when income_source = 'universal_credit'
        then net_award_gbp
        when income_source <> 'unknown'
        then 0
    end as universal_credit_gbp,
    case when income_source <> 'unknown' then claim_housing_benefit_gbp end as housing_benefit_gbp,
    -- Once: as the claim lists it, else by its rates for the children, who are taken to be claimed
    -- for.
    case
        when income_source = 'unknown'
        then null
        when claim_child_benefit_gbp is not null
        then claim_child_benefit_gbp
        when child_count = 0
        then 0
        else child_benefit_eldest_gbp + child_benefit_other_gbp * (child_count - 1)
    end as child_benefit_gbp,
    case
        when income_source = 'guarantee_credit' and guarantee_gbp > listed_gbp
        then coalesce(claim_benefits_gbp, 0) + guarantee_gbp - listed_gbp
        when income_source = 'guarantee_credit' and guarantee_gbp <= listed_gbp
        then coalesce(claim_benefits_gbp, 0)
        when income_source = 'guarantee_credit'
        then null
        when income_source = 'housing_benefit'
        then claim_benefits_gbp
        when income_source <> 'unknown'
        then 0
    end as other_benefits_gbp,
    case
        when income_source = 'universal_credit'
        then unearned_income_gbp
        when income_source = 'cts'
        then assessed_income_gbp
        when income_source <> 'unknown'
        then coalesce(claim_other_income_gbp, 0)
    end as other_income_gbp,
    case when has_usable_incomes then claim_disability_benefits_gbp end as disability_benefits_gbp,
    income_source in ('guarantee_credit', 'cts')
    or (income_source = 'universal_credit' and unearned_income_gbp > 0)
    or coalesce(
        income_source <> 'unknown' and child_count > 0 and claim_child_benefit_gbp is null, false
    ) as is_income_assumed
from guarantees_looked_up
