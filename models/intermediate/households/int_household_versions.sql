with

    household_months as (select * from {{ ref("int_household_months") }}),

    compared_with_month_before as (
        select
            *,
            lag(month) over by_month as month_before,
            lag(dwelling_key) over by_month as dwelling_before,
            lag(lsoa_code) over by_month as lsoa_before,
            lag(has_cts) over by_month as cts_before,
            lag(cts_age_group) over by_month as age_group_before,
            lag(is_on_uc) over by_month as uc_before,
            lag(has_partner) over by_month as partner_before,
            lag(dependant_count) over by_month as dependants_before,
            lag(non_dependant_count) over by_month as non_dependants_before
        from household_months
        window by_month as (partition by household_key order by month)
    ),

    -- A version starts where anything changed, or where the household was not there the month
    -- before.
    version_starts_marked as (
        select
            *,
            case
                when
                    month_before is null
                    or month_before <> (month - interval '1 month')
                    or (dwelling_before is distinct from dwelling_key)
                    or (lsoa_before is distinct from lsoa_code)
                    or (cts_before is distinct from has_cts)
                    or (age_group_before is distinct from cts_age_group)
                    or (uc_before is distinct from is_on_uc)
                    or (partner_before is distinct from has_partner)
                    or (dependants_before is distinct from dependant_count)
                    or (non_dependants_before is distinct from non_dependant_count)
                then month
            end as version_start
        from compared_with_month_before
    )

select
    district_code,
    household_key,
    month,
    max(version_start) over (
        partition by household_key order by month rows between unbounded preceding and current row
    ) as valid_from_month,
    dwelling_key,
    lsoa_code,
    has_cts,
    cts_age_group,
    is_on_uc,
    has_partner,
    dependant_count,
    non_dependant_count,
    is_cts_passported,
    weekly_cts_income_gbp,
    weekly_council_tax_gbp,
    weekly_cts_award_gbp
from version_starts_marked
