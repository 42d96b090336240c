with

    running_claims as (select * from {{ ref("int_housing_benefit__running_claims") }}),

    claim_members as (select * from {{ ref("int_housing_benefit__household_members") }}),

    household_versions as (select * from {{ ref("int_household_versions") }}),

    -- A mark counts from either side: the premium awarded, or the person marked in the list.
    claims_with_members as (
        select
            running_claims.*,
            case
                when
                    claim_members.has_every_dependants_age
                    and claim_members.listed_dependant_count = running_claims.dependant_count
                then true
                else running_claims.dependant_count = 0
            end as is_every_age_known,
            claim_members.youngest_dependant_age,
            coalesce(claim_members.dependants_under_5_count, 0) as dependants_under_5_count,
            coalesce(
                claim_members.dependants_born_from_2017_04_06_count, 0
            ) as dependants_born_from_2017_04_06_count,
            coalesce(running_claims.has_disability_premium, false)
            or coalesce(running_claims.has_severe_disability_premium, false)
            or coalesce(running_claims.has_enhanced_disability_premium, false)
            or coalesce(claim_members.has_disabled_adult, false) as has_disabled_adult,
            coalesce(running_claims.has_disabled_child_premium, false)
            or coalesce(claim_members.has_disabled_dependant, false) as has_disabled_child,
            coalesce(running_claims.has_carer_premium, false)
            or coalesce(claim_members.has_carer, false) as has_carer
        from running_claims
        left join
            claim_members
            on running_claims.district_code = claim_members.district_code
            and running_claims.claim_key = claim_members.claim_key
            and running_claims.month = claim_members.month
    ),

    -- One line a source, each with the same columns in the same order.
    circumstances as (select *, 'housing_benefit' as source_feed from claims_with_members)

select
    circumstances.district_code,
    circumstances.household_key,
    circumstances.month,
    circumstances.source_feed,
    {{
        household_version_key(
            "household_versions.household_key", "household_versions.valid_from_month"
        )
    }} as household_version_key,
    circumstances.is_linked,
    circumstances.is_in_payment,
    circumstances.tenancy,
    circumstances.weekly_contractual_rent_gbp,
    circumstances.weekly_eligible_rent_gbp,
    circumstances.is_lha,
    cast(circumstances.lha_room_count as integer) as lha_room_count,
    circumstances.weekly_lha_gbp,
    circumstances.capital_gbp,
    circumstances.passport,
    cast(circumstances.claimant_age_at_month_end as integer) as claimant_age,
    cast(circumstances.partner_age_at_month_end as integer) as partner_age,
    circumstances.has_partner,
    cast(circumstances.dependant_count as integer) as dependant_count,
    cast(circumstances.non_dependant_count as integer) as non_dependant_count,
    cast(
        case
            when circumstances.is_every_age_known then circumstances.youngest_dependant_age
        end as integer
    ) as youngest_dependant_age,
    cast(
        case
            when circumstances.is_every_age_known then circumstances.dependants_under_5_count
        end as integer
    ) as dependants_under_5_count,
    cast(
        case
            when circumstances.is_every_age_known
            then circumstances.dependants_born_from_2017_04_06_count
        end as integer
    ) as dependants_born_from_2017_04_06_count,
    circumstances.has_disabled_adult,
    circumstances.has_disabled_child,
    circumstances.has_carer,
    coalesce(circumstances.has_severe_disability_premium, false) as has_severe_disability_premium,
    circumstances.is_benefit_capped,
    circumstances.is_joint_tenancy,
    {{ build_id() }} as build_id
from circumstances
left join
    household_versions
    on circumstances.household_key = household_versions.household_key
    and circumstances.month = household_versions.month
