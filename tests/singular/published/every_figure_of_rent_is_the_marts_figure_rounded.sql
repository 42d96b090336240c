-- Districts and county together; the county stands without a district. A district without council
-- homes shows no figure and z, one whose month is not held no figure and x.
with

    rent_months as (select * from {{ ref("fct_rent_month") }}),

    marts as (
        select
            district_code,
            month,
            case when not has_council_homes then 'z' when not is_held then 'x' end as mark,
            account_count,
            arrears_account_count,
            arrears_household_count,
            recovery_account_count,
            arrears_gbp
        from rent_months
        union all
        select
            'county' as district_code,
            month,
            null as mark,
            sum(account_count) as account_count,
            sum(arrears_account_count) as arrears_account_count,
            sum(arrears_household_count) as arrears_household_count,
            sum(recovery_account_count) as recovery_account_count,
            sum(arrears_gbp) as arrears_gbp
        from rent_months
        where is_held
        group by month
    ),

    published as (
        select
            district_code,
            month,
            account_count_mark,
            account_count,
            arrears_account_count,
            arrears_household_count,
            recovery_account_count,
            arrears_gbp
        from {{ source("published", "district_rent_month") }}
        union all
        select
            'county' as district_code,
            month,
            account_count_mark,
            account_count,
            arrears_account_count,
            arrears_household_count,
            recovery_account_count,
            arrears_gbp
        from {{ source("published", "county_rent_month") }}
    )

select marts.*, published.district_code as published_district_code
from marts
full outer join
    published on marts.district_code = published.district_code and marts.month = published.month
where
    marts.district_code is null
    or published.district_code is null
    or (marts.mark is not null and published.account_count_mark is distinct from marts.mark)
    or (marts.mark is null and coalesce(published.account_count_mark, 'c') <> 'c')
    or {{ is_not_rounded_from("published.account_count", "marts.account_count", 2) }}
    or
    {{ is_not_rounded_from("published.arrears_account_count", "marts.arrears_account_count", 2) }}
    or {{
        is_not_rounded_from(
            "published.arrears_household_count", "marts.arrears_household_count", 2
        )
    }}
    or {{
        is_not_rounded_from(
            "published.recovery_account_count", "marts.recovery_account_count", 2
        )
    }}
    or {{ is_not_rounded_from("published.arrears_gbp", "marts.arrears_gbp", 500) }}
