-- By census: the county and the district that pupils live in, unknown where no look-up has the
-- home.
with

    fct_free_school_meals as (select * from {{ ref("fct_free_school_meals") }}),

    marts as (
        select
            coalesce(district_code, 'unknown') as district_code,
            month,
            sum(case when is_entitled then 1 else 0 end) as entitled_count,
            sum(case when is_entitled and is_registered then 1 else 0 end) as registered_count,
            sum(
                case when is_entitled and not is_registered then 1 else 0 end
            ) as entitled_not_registered_count
        from fct_free_school_meals
        group by coalesce(district_code, 'unknown'), month
        union all
        select
            'county' as district_code,
            month,
            sum(case when is_entitled then 1 else 0 end) as entitled_count,
            sum(case when is_entitled and is_registered then 1 else 0 end) as registered_count,
            sum(
                case when is_entitled and not is_registered then 1 else 0 end
            ) as entitled_not_registered_count
        from fct_free_school_meals
        group by month
    ),

    published as (
        select
            district_code,
            month,
            entitled_count,
            entitled_count_mark,
            registered_count,
            registered_count_mark,
            entitled_not_registered_count,
            entitled_not_registered_count_mark
        from {{ source("published", "district_free_school_meals") }}
        union all
        select
            'county' as district_code,
            month,
            entitled_count,
            entitled_count_mark,
            registered_count,
            registered_count_mark,
            entitled_not_registered_count,
            entitled_not_registered_count_mark
        from {{ source("published", "county_free_school_meals") }}
    )

select marts.*, published.district_code as published_district_code
from marts
full outer join
    published on marts.district_code = published.district_code and marts.month = published.month
where
    marts.district_code is null
    or published.district_code is null
    or {{ is_not_rounded_from("published.entitled_count", "marts.entitled_count", 2) }}
    or (published.entitled_count is null and published.entitled_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.registered_count", "marts.registered_count", 2) }}
    or (published.registered_count is null and published.registered_count_mark is distinct from 'c')
    or {{
        is_not_rounded_from(
            "published.entitled_not_registered_count", "marts.entitled_not_registered_count", 2
        )
    }}
    or (
        published.entitled_not_registered_count is null
        and published.entitled_not_registered_count_mark is distinct from 'c'
    )
