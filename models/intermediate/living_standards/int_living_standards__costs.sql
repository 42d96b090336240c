{{ config(materialized="view") }}

with

    incomes as (select * from {{ ref("int_living_standards__incomes") }}),

    month_figures as (select * from {{ ref("int_living_standards__month_figures") }}),

    -- The housing element and the eligible rent are what benefit counts: the rent is that or more.
    -- A pensioner with support for council tax and no claim for rent is taken to own the home
    -- without a mortgage; of anybody younger it is not known.
    sources_chosen as (
        select
            *,
            case
                when rent_gbp is not null
                then 'rent_account'
                when contractual_rent_gbp is not null
                then 'contractual_rent'
                when eligible_rent_gbp is not null
                then 'eligible_rent'
                when housing_element_gbp > 0
                then 'housing_element'
                when age_group = 'pension' and has_cts and not has_claim
                then 'owner_assumed'
                else 'unknown'
            end as housing_cost_source,
            case
                when cts_council_tax_gbp is not null
                then 'cts_award'
                when account_council_tax_gbp is not null
                then 'account'
                else 'unknown'
            end as council_tax_source
        from incomes
    ),

    -- Against the printed figure of its adults, each child as the scale has one under 14: a feed
    -- tells how many, and seldom how old.
    scale_applied as (
        select
            sources_chosen.*,
            month_figures.is_yardstick_assumed,
            case
                when sources_chosen.has_partner
                then month_figures.essentials_couple_gbp
                when not sources_chosen.has_partner
                then month_figures.essentials_single_gbp
            end as adults_essentials_gbp,
            case
                when sources_chosen.has_partner
                then month_figures.food_couple_gbp
                when not sources_chosen.has_partner
                then month_figures.food_single_gbp
            end as adults_food_gbp,
            1
            + sources_chosen.child_count
            * case
                when sources_chosen.has_partner
                then month_figures.child_share_couple
                else month_figures.child_share_single
            end as household_scale
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
    age_group,
    income_source,
    housing_cost_source,
    council_tax_source,
    is_income_assumed,
    has_partner,
    child_count,
    earnings_gbp,
    universal_credit_gbp,
    housing_benefit_gbp,
    child_benefit_gbp,
    other_benefits_gbp,
    other_income_gbp,
    disability_benefits_gbp,
    rent_gbp,
    is_over_deductions_cap,
    is_rent_over_lha,
    coalesce(
        rent_gbp,
        contractual_rent_gbp,
        eligible_rent_gbp,
        case when housing_cost_source = 'housing_element' then housing_element_gbp end,
        case when housing_cost_source = 'owner_assumed' then 0 end
    ) as housing_cost_gbp,
    housing_cost_source
    in ('eligible_rent', 'housing_element', 'owner_assumed') as is_housing_cost_assumed,
    coalesce(cts_council_tax_gbp, account_council_tax_gbp) as council_tax_gbp,
    cast(adults_essentials_gbp * household_scale as decimal(18, 2)) as essentials_gbp,
    cast(adults_food_gbp * household_scale as decimal(18, 2)) as food_gbp,
    is_yardstick_assumed or coalesce(child_count > 0, false) as is_essentials_assumed,
    coalesce(is_uc_capped, is_claim_capped) as is_benefit_capped
from scale_applied
