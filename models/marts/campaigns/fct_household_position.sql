with

    living_standards as (select * from {{ ref("fct_living_standards") }}),

    benefit_spend as (select * from {{ ref("fct_benefit_spend") }} where is_in_payment),

    shortfall_spells as (
        select * from {{ ref("fct_living_standards_spells") }} where is_open and is_shortfall
    ),

    shortfall_starts as (select * from {{ ref("fct_shortfall_starts") }}),

    needs as (select * from {{ ref("fct_household_needs") }}),

    household_debts as (
        select * from {{ ref("fct_household_debts") }} where household_key is not null
    ),

    gaps as (select * from {{ ref("fct_household_gaps") }}),

    markers as (select * from {{ ref("int_household_markers") }}),

    last_months as (
        select district_code, max(month) as month from living_standards group by district_code
    ),

    households as (
        select living_standards.*
        from living_standards
        inner join
            last_months
            on living_standards.district_code = last_months.district_code
            and living_standards.month = last_months.month
    ),

    support as (
        select
            household_key,
            month,
            sum(case when benefit_code = 'cts' then weekly_award_gbp end) as weekly_cts_gbp,
            max(case when benefit_code = 'hb' then 1 else 0 end) = 1 as has_housing_benefit
        from benefit_spend
        group by household_key, month
    ),

    debts as (
        select
            household_key,
            month,
            sum(case when debt_type = 'council_tax' then owed_gbp end) as council_tax_overdue_gbp,
            sum(case when debt_type = 'rent' then owed_gbp end) as rent_arrears_gbp,
            -- The same on both debts of a household.
            max(ability_to_pay) as ability_to_pay
        from household_debts
        group by household_key, month
    )

select
    households.district_code,
    households.household_key,
    households.month,
    households.lsoa_code,
    households.age_group,
    households.has_partner,
    households.child_count,
    coalesce(needs.has_child_under_5, false) as has_child_under_5,
    coalesce(needs.has_disability, false) as has_disability,
    coalesce(needs.has_carer, false) as has_carer,
    households.living_standards_class,
    households.margin_gbp,
    cast(
        coalesce(shortfall_spells.shortfall_month_count, 0) as integer
    ) as months_in_shortfall_count,
    coalesce(shortfall_starts.is_new_to_hardship, false) as is_new_to_hardship,
    households.earnings_gbp,
    coalesce(needs.is_on_universal_credit, false) as is_on_universal_credit,
    coalesce(needs.has_health_element, false) as has_health_element,
    coalesce(needs.is_cts_interest_without_award, false) as is_cts_interest_without_award,
    coalesce(support.weekly_cts_gbp, 0) > 0 as has_council_tax_support,
    coalesce(support.has_housing_benefit, false) as has_housing_benefit,
    coalesce(households.is_rent_over_lha, false) as is_rent_over_lha,
    coalesce(households.is_benefit_capped, false) as is_benefit_capped,
    coalesce(households.is_over_deductions_cap, false) as is_over_deductions_cap,
    coalesce(households.is_fuel_stressed, false) as is_fuel_stressed,
    coalesce(households.is_short_of_food, false) as is_short_of_food,
    coalesce(gaps.pension_credit_gap_weekly_gbp, 0) as pension_credit_gap_weekly_gbp,
    coalesce(gaps.council_tax_support_gap_weekly_gbp, 0) as council_tax_support_gap_weekly_gbp,
    coalesce(gaps.housing_benefit_gap_weekly_gbp, 0) as housing_benefit_gap_weekly_gbp,
    coalesce(gaps.universal_credit_gap_weekly_gbp, 0) as universal_credit_gap_weekly_gbp,
    coalesce(gaps.council_tax_discount_gap_weekly_gbp, 0) as council_tax_discount_gap_weekly_gbp,
    coalesce(gaps.unregistered_pupil_count, 0) as unregistered_pupil_count,
    cast(coalesce(debts.council_tax_overdue_gbp, 0) as decimal(18, 2)) as council_tax_overdue_gbp,
    cast(coalesce(debts.rent_arrears_gbp, 0) as decimal(18, 2)) as rent_arrears_gbp,
    debts.ability_to_pay,
    coalesce(gaps.had_housing_payment_in_year, false) as had_housing_payment_in_year,
    coalesce(gaps.had_crisis_award_in_year, false) as had_crisis_award_in_year,
    coalesce(markers.is_deceased, false) as is_deceased,
    coalesce(markers.is_in_breathing_space, false) as is_in_breathing_space,
    coalesce(markers.is_insolvent, false) as is_insolvent,
    coalesce(markers.has_sensitive_address, false) as has_sensitive_address,
    coalesce(markers.has_opted_out_of_contact, false) as has_opted_out_of_contact,
    coalesce(markers.is_anonymous_elector, false) as is_anonymous_elector,
    {{ build_id() }} as build_id
from households
left join
    support on households.household_key = support.household_key and households.month = support.month
left join shortfall_spells on households.household_key = shortfall_spells.household_key
left join
    shortfall_starts
    on households.household_key = shortfall_starts.household_key
    and shortfall_spells.shortfall_from_month = shortfall_starts.month
left join needs on households.household_key = needs.household_key and households.month = needs.month
left join debts on households.household_key = debts.household_key and households.month = debts.month
left join gaps on households.household_key = gaps.household_key
left join
    markers on households.household_key = markers.household_key and households.month = markers.month
