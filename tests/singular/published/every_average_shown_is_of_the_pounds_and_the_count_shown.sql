-- To the pound, from what a reader sees: an average of exact figures would give them away.
with

    support as (
        select district_code, month, average_weekly_award_gbp, weekly_award_gbp, caseload_count
        from {{ source("published", "district_cts_month") }}
        union all
        select
            'county' as district_code,
            month,
            average_weekly_award_gbp,
            weekly_award_gbp,
            caseload_count
        from {{ source("published", "county_cts_month") }}
        union all
        select district_code, month, average_weekly_award_gbp, weekly_award_gbp, caseload_count
        from {{ source("published", "district_cts_age_month") }}
        union all
        select
            'county' as district_code,
            month,
            average_weekly_award_gbp,
            weekly_award_gbp,
            caseload_count
        from {{ source("published", "county_cts_age_month") }}
        union all
        select
            place_key as district_code,
            month,
            average_weekly_award_gbp,
            weekly_award_gbp,
            caseload_count
        from {{ source("published", "new_council_cts_month") }}
    ),

    council_tax as (
        select district_code, month, overdue_per_account_gbp, overdue_gbp, overdue_account_count
        from {{ source("published", "district_council_tax_month") }}
        union all
        select
            'county' as district_code,
            month,
            overdue_per_account_gbp,
            overdue_gbp,
            overdue_account_count
        from {{ source("published", "county_council_tax_month") }}
        union all
        select
            place_key as district_code,
            month,
            overdue_per_account_gbp,
            overdue_gbp,
            overdue_account_count
        from {{ source("published", "new_council_council_tax_month") }}
    ),

    rent as (
        select district_code, month, arrears_per_account_gbp, arrears_gbp, arrears_account_count
        from {{ source("published", "district_rent_month") }}
        union all
        select
            'county' as district_code,
            month,
            arrears_per_account_gbp,
            arrears_gbp,
            arrears_account_count
        from {{ source("published", "county_rent_month") }}
    ),

    universal_credit as (
        select
            'district_uc_month' as district_code,
            month,
            average_award_gbp,
            award_gbp,
            household_count
        from {{ source("published", "district_uc_month") }}
        union all
        select
            'county_uc_month' as district_code, month, average_award_gbp, award_gbp, household_count
        from {{ source("published", "county_uc_month") }}
    ),

    housing_benefit as (
        select
            'district_housing_benefit_month' as district_code,
            month,
            average_weekly_benefit_gbp,
            weekly_benefit_gbp,
            caseload_count
        from {{ source("published", "district_housing_benefit_month") }}
        union all
        select
            'county_housing_benefit_month' as district_code,
            month,
            average_weekly_benefit_gbp,
            weekly_benefit_gbp,
            caseload_count
        from {{ source("published", "county_housing_benefit_month") }}
    ),

    entitlements as (
        select district_code, month, average_unclaimed_gbp, unclaimed_gbp, unclaimed_count
        from {{ source("published", "district_entitlement_month") }}
        union all
        select
            'county' as district_code, month, average_unclaimed_gbp, unclaimed_gbp, unclaimed_count
        from {{ source("published", "county_entitlement_month") }}
    ),

    discretionary as (
        select
            'district_discretionary_month' as district_code,
            month,
            average_award_gbp,
            award_gbp,
            award_count
        from {{ source("published", "district_discretionary_month") }}
        union all
        select
            'county_discretionary_month' as district_code,
            month,
            average_award_gbp,
            award_gbp,
            award_count
        from {{ source("published", "county_discretionary_month") }}
        union all
        select
            'county_discretionary_fund_month' as district_code,
            month,
            average_award_gbp,
            award_gbp,
            award_count
        from {{ source("published", "county_discretionary_fund_month") }}
        union all
        select
            'county_discretionary_reason_month' as district_code,
            month,
            average_award_gbp,
            award_gbp,
            award_count
        from {{ source("published", "county_discretionary_reason_month") }}
    ),

    dwellings as (
        select
            district_code,
            month,
            recognised_per_dwelling_gbp,
            recognised_gbp,
            chargeable_dwelling_count
        from {{ source("published", "district_cts_month") }}
        union all
        select
            'county' as district_code,
            month,
            recognised_per_dwelling_gbp,
            recognised_gbp,
            chargeable_dwelling_count
        from {{ source("published", "county_cts_month") }}
    ),

    living_standards as (
        select district_code, month, average_shortfall_gbp, shortfall_gbp, shortfall_count
        from {{ source("published", "district_living_standards_month") }}
        union all
        select
            'county' as district_code, month, average_shortfall_gbp, shortfall_gbp, shortfall_count
        from {{ source("published", "county_living_standards_month") }}
        union all
        select
            rural_urban_class as district_code,
            month,
            average_shortfall_gbp,
            shortfall_gbp,
            shortfall_count
        from {{ source("published", "county_living_standards_rural_month") }}
        union all
        select
            ward_key as district_code, month, average_shortfall_gbp, shortfall_gbp, shortfall_count
        from {{ source("published", "ward_living_standards_month") }}
    ),

    schemes as (
        select district_code, scheme_key, average_award_gbp, cost_gbp, awarded_count
        from {{ source("published", "district_scheme_caseload") }}
        union all
        select 'county' as district_code, scheme_key, average_award_gbp, cost_gbp, awarded_count
        from {{ source("published", "county_scheme_caseload") }}
        union all
        select
            district_code,
            proposal_key || ' ' || option_key as scheme_key,
            average_award_gbp,
            cost_gbp,
            awarded_count
        from {{ source("published", "scheme_proposal_option") }}
    )

select 'weekly award' as average, district_code, month
from support
where
    average_weekly_award_gbp is not null
    and not coalesce(
        abs(average_weekly_award_gbp - weekly_award_gbp / nullif(caseload_count, 0)) <= 0.5, false
    )
union all
select 'overdue for each account' as average, district_code, month
from council_tax
where
    overdue_per_account_gbp is not null
    and not coalesce(
        abs(overdue_per_account_gbp - overdue_gbp / nullif(overdue_account_count, 0)) <= 0.5, false
    )
union all
select 'rent arrears for each account' as average, district_code, month
from rent
where
    arrears_per_account_gbp is not null
    and not coalesce(
        abs(arrears_per_account_gbp - arrears_gbp / nullif(arrears_account_count, 0)) <= 0.5, false
    )
union all
select 'award of Universal Credit' as average, district_code, month
from universal_credit
where
    average_award_gbp is not null
    and not coalesce(abs(average_award_gbp - award_gbp / nullif(household_count, 0)) <= 0.5, false)
union all
select 'weekly Housing Benefit' as average, district_code, month
from housing_benefit
where
    average_weekly_benefit_gbp is not null
    and not coalesce(
        abs(average_weekly_benefit_gbp - weekly_benefit_gbp / nullif(caseload_count, 0)) <= 0.5,
        false
    )
union all
select 'unclaimed benefit' as average, district_code, month
from entitlements
where
    average_unclaimed_gbp is not null
    and not coalesce(
        abs(average_unclaimed_gbp - unclaimed_gbp / nullif(unclaimed_count, 0)) <= 0.5, false
    )
union all
select 'discretionary award' as average, district_code, month
from discretionary
where
    average_award_gbp is not null
    and not coalesce(abs(average_award_gbp - award_gbp / nullif(award_count, 0)) <= 0.5, false)
union all
select 'shortfall of a household' as average, district_code, month
from living_standards
where
    average_shortfall_gbp is not null
    and not coalesce(
        abs(average_shortfall_gbp - shortfall_gbp / nullif(shortfall_count, 0)) <= 0.5, false
    )
union all
-- Printed to the penny.
select 'support for each dwelling' as average, district_code, month
from dwellings
where
    recognised_per_dwelling_gbp is not null
    and not coalesce(
        abs(recognised_per_dwelling_gbp - recognised_gbp / nullif(chargeable_dwelling_count, 0))
        <= 0.00501,
        false
    )
union all
select 'award under a scheme' as average, district_code, null as month
from schemes
where
    average_award_gbp is not null
    and not coalesce(abs(average_award_gbp - cost_gbp / nullif(awarded_count, 0)) <= 0.5, false)
