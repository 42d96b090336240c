{{ config(schema="caseload") }}

with

    circumstances as (select * from {{ ref("int_cts__circumstances") }}),

    households as (select * from {{ ref("int_entitlement_households") }}),

    people as (select * from {{ ref("int_entitlement_people") }}),

    dwellings as (select * from {{ ref("int_entitlement_dwellings") }}),

    household_versions as (select * from {{ ref("int_household_versions") }}),

    -- Each district's own last month of support that is assessed: one may be behind another.
    last_months as (
        select households.district_code, max(households.month) as month
        from households
        inner join
            circumstances
            on households.district_code = circumstances.district_code
            and households.household_key = circumstances.household_key
            and households.month = circumstances.month
        group by households.district_code
    ),

    units_of_people as (
        select
            unit_number,
            sum(case when role = 'claimant' then 1 else 0 end) as adult_count,
            sum(case when role = 'child' then 1 else 0 end) as child_count,
            max(
                case
                    when
                        role <> 'other'
                        and (
                            is_disabled
                            or has_lcwra
                            or has_lcw_element
                            or has_daily_living_benefit
                            or has_disability_benefit
                        )
                    then 1
                    else 0
                end
            )
            = 1 as has_disability,
            max(case when role <> 'other' and weekly_care_hours >= 35 then 1 else 0 end)
            = 1 as has_carer
        from people
        group by unit_number
    )

select
    households.unit_number,
    households.district_code,
    households.household_key,
    households.month,
    households.source_feed,
    circumstances.cts_age_group,
    circumstances.is_on_uc,
    households.are_people_known,
    households.is_income_known,
    households.is_capital_known,
    dwellings.annual_council_tax_gbp is not null as is_council_tax_known,
    circumstances.weekly_award_gbp,
    cast(circumstances.weekly_council_tax_gbp as decimal(18, 2)) as weekly_council_tax_gbp,
    case when households.is_rent_known then households.tenure else 'not_told' end as tenure,
    case
        when units_of_people.adult_count > 1 and units_of_people.child_count > 0
        then 'couple_with_children'
        when units_of_people.adult_count > 1
        then 'couple'
        when units_of_people.child_count > 0
        then 'lone_parent'
        else 'single'
    end as household_type,
    cast(circumstances.claimant_age_at_month_end as integer) as claimant_age,
    cast(circumstances.partner_age_at_month_end as integer) as partner_age,
    case
        when households.source_feed <> 'cts' then units_of_people.has_disability
    end as has_disability,
    case when households.source_feed <> 'cts' then units_of_people.has_carer end as has_carer,
    household_versions.lsoa_code,
    {{ build_id() }} as build_id
from households
inner join
    last_months
    on households.district_code = last_months.district_code
    and households.month = last_months.month
inner join
    circumstances
    on households.district_code = circumstances.district_code
    and households.household_key = circumstances.household_key
    and households.month = circumstances.month
inner join dwellings on households.unit_number = dwellings.home_number
left join units_of_people on households.unit_number = units_of_people.unit_number
left join
    household_versions
    on households.district_code = household_versions.district_code
    and households.household_key = household_versions.household_key
    and households.month = household_versions.month
