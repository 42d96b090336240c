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
