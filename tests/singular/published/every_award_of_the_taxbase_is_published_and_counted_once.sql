-- Each band of a district, a district's return, and the county together.
with

    support as (select * from {{ ref("fct_ct_support") }}),

    marts as (
        select
            district_code,
            month,
            cts_age_group as age_group,
            taxbase_band,
            award_count,
            annual_award_gbp
        from support
        union all
        select
            district_code,
            month,
            cts_age_group as age_group,
            'all' as taxbase_band,
            sum(award_count) as award_count,
            sum(annual_award_gbp) as annual_award_gbp
        from support
        group by district_code, month, cts_age_group
        union all
        select
            'county' as district_code,
            month,
            cts_age_group as age_group,
            'all' as taxbase_band,
            sum(award_count) as award_count,
            sum(annual_award_gbp) as annual_award_gbp
        from support
        group by month, cts_age_group
    ),

    published as (
        select
            district_code,
            month,
            age_group,
            taxbase_band,
            award_count,
            award_count_mark,
            annual_award_gbp,
            annual_award_gbp_mark
        from {{ source("published", "district_ct_support") }}
        union all
        select
            district_code,
            month,
            age_group,
            'all' as taxbase_band,
            award_count,
            award_count_mark,
            annual_award_gbp,
            annual_award_gbp_mark
        from {{ source("published", "district_ct_support_return") }}
        union all
        select
            'county' as district_code,
            month,
            age_group,
            'all' as taxbase_band,
            award_count,
            award_count_mark,
            annual_award_gbp,
            annual_award_gbp_mark
        from {{ source("published", "county_ct_support") }}
    )

select marts.*, published.district_code as published_district_code
from marts
full outer join
    published
    on marts.district_code = published.district_code
    and marts.month = published.month
    and marts.age_group = published.age_group
    and marts.taxbase_band = published.taxbase_band
where
    marts.district_code is null
    or published.district_code is null
    or {{ is_not_rounded_from("published.award_count", "marts.award_count", 2) }}
    or (published.award_count is null and published.award_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.annual_award_gbp", "marts.annual_award_gbp", 500) }}
    or (published.annual_award_gbp is null and published.annual_award_gbp_mark is distinct from 'c')
