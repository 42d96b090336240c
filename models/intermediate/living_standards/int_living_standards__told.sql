{{ config(materialized="view") }}

with

    versions as (select * from {{ ref("int_household_versions") }}),

    uc_awards as (select * from {{ ref("int_living_standards__uc_awards") }}),

    claims as (select * from {{ ref("int_living_standards__housing_benefit_claims") }}),

    rents as (select * from {{ ref("int_living_standards__rents") }}),

    council_taxes as (select * from {{ ref("int_living_standards__council_taxes") }}),

    -- A unit may be told of by one feed alone, in a month without a home or support in it. Homes
    -- without any benefit are most of a district: nobody tells their income, so they are no row.
    households_and_uc as (
        select
            coalesce(versions.household_key, uc_awards.household_key) as household_key,
            coalesce(versions.month, uc_awards.month) as month,
            coalesce(versions.district_code, uc_awards.district_code) as district_code,
            versions.dwelling_key is not null as has_home,
            coalesce(versions.lsoa_code, uc_awards.lsoa_code) as lsoa_code,
            versions.has_cts,
            versions.cts_age_group,
            versions.is_on_uc as is_cts_on_uc,
            versions.is_cts_passported,
            versions.has_partner as cts_has_partner,
            versions.dependant_count as cts_child_count,
            cast(versions.weekly_cts_income_gbp * 52 / 12 as decimal(18, 2)) as assessed_income_gbp,
            -- Each read off the same award: the charge that support was worked out on, less it.
            cast(
                case
                    when versions.weekly_council_tax_gbp < versions.weekly_cts_award_gbp
                    then 0
                    else versions.weekly_council_tax_gbp - versions.weekly_cts_award_gbp
                end
                * 52
                / 12 as decimal(18, 2)
            ) as cts_council_tax_gbp,
            uc_awards.household_key is not null as has_uc,
            uc_awards.period_start as uc_period_start,
            uc_awards.has_partner as uc_has_partner,
            uc_awards.child_count as uc_child_count,
            uc_awards.earnings_gbp as uc_earnings_gbp,
            uc_awards.net_award_gbp,
            uc_awards.unearned_income_gbp,
            uc_awards.housing_element_gbp,
            uc_awards.is_benefit_capped as is_uc_capped,
            uc_awards.is_over_deductions_cap
        from versions
        full outer join
            uc_awards
            on versions.household_key = uc_awards.household_key
            and versions.month = uc_awards.month
    ),

    households_uc_and_claims as (
        select
            households_and_uc.* replace (
                coalesce(households_and_uc.household_key, claims.household_key) as household_key,
                coalesce(households_and_uc.month, claims.month) as month,
                coalesce(households_and_uc.district_code, claims.district_code) as district_code,
                coalesce(households_and_uc.has_home, false) as has_home,
                coalesce(households_and_uc.has_cts, false) as has_cts,
                coalesce(households_and_uc.has_uc, false) as has_uc
            ),
            claims.household_key is not null as has_claim,
            claims.has_partner as claim_has_partner,
            claims.dependant_count as claim_child_count,
            claims.is_pension_age as is_claim_of_pension_age,
            claims.is_on_guarantee_credit,
            claims.is_passported_otherwise,
            claims.has_usable_incomes,
            claims.earnings_gbp as claim_earnings_gbp,
            claims.other_benefits_gbp as claim_benefits_gbp,
            claims.other_income_gbp as claim_other_income_gbp,
            claims.disability_benefits_gbp as claim_disability_benefits_gbp,
            claims.child_benefit_gbp as claim_child_benefit_gbp,
            coalesce(claims.housing_benefit_gbp, 0) as claim_housing_benefit_gbp,
            claims.contractual_rent_gbp,
            claims.eligible_rent_gbp,
            claims.is_rent_over_lha,
            claims.is_benefit_capped as is_claim_capped
        from households_and_uc
        full outer join
            claims
            on households_and_uc.household_key = claims.household_key
            and households_and_uc.month = claims.month
    )

select
    households_uc_and_claims.household_key,
    households_uc_and_claims.month,
    households_uc_and_claims.district_code,
    households_uc_and_claims.has_home,
    households_uc_and_claims.lsoa_code,
    households_uc_and_claims.has_cts,
    households_uc_and_claims.cts_age_group,
    households_uc_and_claims.is_cts_on_uc,
    households_uc_and_claims.is_cts_passported,
    households_uc_and_claims.cts_has_partner,
    households_uc_and_claims.cts_child_count,
    households_uc_and_claims.has_uc,
    households_uc_and_claims.uc_period_start,
    households_uc_and_claims.uc_has_partner,
    households_uc_and_claims.uc_child_count,
    households_uc_and_claims.uc_earnings_gbp,
    households_uc_and_claims.net_award_gbp,
    households_uc_and_claims.unearned_income_gbp,
    households_uc_and_claims.housing_element_gbp,
    households_uc_and_claims.is_uc_capped,
    households_uc_and_claims.is_over_deductions_cap,
    households_uc_and_claims.has_claim,
    households_uc_and_claims.claim_has_partner,
    households_uc_and_claims.claim_child_count,
    households_uc_and_claims.is_claim_of_pension_age,
    households_uc_and_claims.is_on_guarantee_credit,
    households_uc_and_claims.is_passported_otherwise,
    households_uc_and_claims.has_usable_incomes,
    households_uc_and_claims.claim_earnings_gbp,
    households_uc_and_claims.claim_benefits_gbp,
    households_uc_and_claims.claim_other_income_gbp,
    households_uc_and_claims.claim_disability_benefits_gbp,
    households_uc_and_claims.claim_child_benefit_gbp,
    households_uc_and_claims.claim_housing_benefit_gbp,
    households_uc_and_claims.contractual_rent_gbp,
    households_uc_and_claims.eligible_rent_gbp,
    households_uc_and_claims.is_rent_over_lha,
    households_uc_and_claims.is_claim_capped,
    households_uc_and_claims.assessed_income_gbp,
    households_uc_and_claims.cts_council_tax_gbp,
    rents.rent_gbp,
    council_taxes.council_tax_gbp as account_council_tax_gbp
from households_uc_and_claims
left join
    rents
    on households_uc_and_claims.household_key = rents.household_key
    and households_uc_and_claims.month = rents.month
left join
    council_taxes
    on households_uc_and_claims.household_key = council_taxes.household_key
    and households_uc_and_claims.month = council_taxes.month
where
    households_uc_and_claims.has_cts
    or households_uc_and_claims.has_uc
    or households_uc_and_claims.has_claim
