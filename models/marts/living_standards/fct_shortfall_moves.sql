with

    spells as (select * from {{ ref("fct_living_standards_spells") }}),

    living_standards as (select * from {{ ref("fct_living_standards") }}),

    classes as (select * from {{ ref("living_standards_classes") }}),

    -- From one known class to another, month after month. Who comes from unknown, or was not there
    -- the month before, has no figures to compare: the transitions count them.
    moves as (
        select
            spells.household_key,
            spells.district_code,
            spells.first_month as month,
            spells.living_standards_class,
            spells.class_before,
            case when spells.is_shortfall then 'entry' else 'exit' end as movement,
            case when spells.is_shortfall then -1 else 1 end as direction
        from spells
        inner join classes as earlier on spells.class_before = earlier.living_standards_class
        where
            spells.is_shortfall <> earlier.is_shortfall
            and spells.living_standards_class <> 'unknown'
            and spells.class_before <> 'unknown'
    ),

    -- What each part did to the margin: a rise of rent takes from it.
    changes as (
        select
            moves.*,
            later.lsoa_code,
            later.uc_period_start,
            earlier.uc_period_start as uc_period_start_before,
            later.income_source <> earlier.income_source
            or later.housing_cost_source <> earlier.housing_cost_source as is_told_otherwise,
            later.has_partner <> earlier.has_partner
            or later.child_count <> earlier.child_count as is_household_changed,
            later.universal_credit_gbp - earlier.universal_credit_gbp as universal_credit_gbp,
            later.housing_benefit_gbp - earlier.housing_benefit_gbp as housing_benefit_gbp,
            later.child_benefit_gbp - earlier.child_benefit_gbp as child_benefit_gbp,
            later.other_benefits_gbp - earlier.other_benefits_gbp as other_benefits_gbp,
            later.earnings_gbp - earlier.earnings_gbp as earnings_gbp,
            later.other_income_gbp - earlier.other_income_gbp as other_income_gbp,
            earlier.housing_cost_gbp - later.housing_cost_gbp as housing_cost_gbp,
            earlier.council_tax_gbp - later.council_tax_gbp as council_tax_gbp,
            earlier.essentials_gbp - later.essentials_gbp as essentials_gbp,
            later.margin_gbp - earlier.margin_gbp as margin_change_gbp
        from moves
        inner join
            living_standards as later
            on moves.household_key = later.household_key
            and moves.month = later.month
        inner join
            living_standards as earlier
            on moves.household_key = earlier.household_key
            and earlier.month = moves.month - interval '1 month'
    ),

    benefits_added as (
        select
            *,
            universal_credit_gbp
            + housing_benefit_gbp
            + child_benefit_gbp
            + other_benefits_gbp as benefits_gbp
        from changes
    ),

    largest_found as (
        select
            *,
            direction * greatest(
                direction * benefits_gbp,
                direction * earnings_gbp,
                direction * other_income_gbp,
                direction * housing_cost_gbp,
                direction * council_tax_gbp,
                direction * essentials_gbp
            ) as largest_gbp,
            direction * greatest(
                direction * universal_credit_gbp,
                direction * housing_benefit_gbp,
                direction * child_benefit_gbp,
                direction * other_benefits_gbp
            ) as largest_benefit_gbp
        from benefits_added
    ),

    -- The part that moved the margin furthest the way it went; of equal ones the first named.
    components_found as (
        select
            *,
            case
                when benefits_gbp = largest_gbp
                then 'benefit_income'
                when earnings_gbp = largest_gbp
                then 'earnings'
                when other_income_gbp = largest_gbp
                then 'other_income'
                when housing_cost_gbp = largest_gbp
                then 'housing_cost'
                when council_tax_gbp = largest_gbp
                then 'council_tax'
                else 'essentials'
            end as component,
            case
                when benefits_gbp <> largest_gbp
                then null
                when universal_credit_gbp = largest_benefit_gbp
                then 'universal_credit'
                when housing_benefit_gbp = largest_benefit_gbp
                then 'housing_benefit'
                when child_benefit_gbp = largest_benefit_gbp
                then 'child_benefit'
                else 'other_benefits'
            end as benefit
        from largest_found
    )

select
    district_code,
    household_key,
    month,
    lsoa_code,
    movement,
    class_before,
    living_standards_class,
    is_told_otherwise,
    is_household_changed,
    uc_period_start_before,
    uc_period_start,
    component,
    benefit,
    cast(benefits_gbp as decimal(18, 2)) as benefit_change_gbp,
    cast(earnings_gbp as decimal(18, 2)) as earnings_change_gbp,
    cast(other_income_gbp as decimal(18, 2)) as other_income_change_gbp,
    cast(housing_cost_gbp as decimal(18, 2)) as housing_cost_change_gbp,
    cast(council_tax_gbp as decimal(18, 2)) as council_tax_change_gbp,
    cast(essentials_gbp as decimal(18, 2)) as essentials_change_gbp,
    cast(margin_change_gbp as decimal(18, 2)) as margin_change_gbp,
    {{ build_id() }} as build_id
from components_found
