-- The county, and each way that its awards are cut. A household helped twice is one household, in
-- the
-- county and in each part that it stands in.
with

    fct_discretionary_awards as (select * from {{ ref("fct_discretionary_awards") }}),

    marts as (
        select
            'county' as cut_by,
            'all' as cut_key,
            month,
            count(*) as award_count,
            count(distinct household_key) as household_count,
            sum(award_gbp) as award_gbp
        from fct_discretionary_awards
        group by month
        union all
        select
            'district' as cut_by,
            district_code as cut_key,
            month,
            count(*) as award_count,
            count(distinct household_key) as household_count,
            sum(award_gbp) as award_gbp
        from fct_discretionary_awards
        group by month, district_code
        union all
        select
            'fund' as cut_by,
            fund as cut_key,
            month,
            count(*) as award_count,
            count(distinct household_key) as household_count,
            sum(award_gbp) as award_gbp
        from fct_discretionary_awards
        group by month, fund
        union all
        select
            'reason' as cut_by,
            fund || ' ' || award_reason as cut_key,
            month,
            count(*) as award_count,
            count(distinct household_key) as household_count,
            sum(award_gbp) as award_gbp
        from fct_discretionary_awards
        group by month, fund, award_reason
    ),

    published as (
        select
            'county' as cut_by,
            'all' as cut_key,
            month,
            award_count,
            award_count_mark,
            household_count,
            household_count_mark,
            award_gbp,
            award_gbp_mark
        from {{ source("published", "county_discretionary_month") }}
        union all
        select
            'district' as cut_by,
            district_code as cut_key,
            month,
            award_count,
            award_count_mark,
            household_count,
            household_count_mark,
            award_gbp,
            award_gbp_mark
        from {{ source("published", "district_discretionary_month") }}
        union all
        select
            'fund' as cut_by,
            fund as cut_key,
            month,
            award_count,
            award_count_mark,
            household_count,
            household_count_mark,
            award_gbp,
            award_gbp_mark
        from {{ source("published", "county_discretionary_fund_month") }}
        union all
        select
            'reason' as cut_by,
            fund || ' ' || reason as cut_key,
            month,
            award_count,
            award_count_mark,
            household_count,
            household_count_mark,
            award_gbp,
            award_gbp_mark
        from {{ source("published", "county_discretionary_reason_month") }}
    )

select marts.*, published.cut_by as published_cut_by
from marts
full outer join
    published
    on marts.cut_by = published.cut_by
    and marts.cut_key = published.cut_key
    and marts.month = published.month
where
    marts.cut_by is null
    or published.cut_by is null
    or {{ is_not_rounded_from("published.award_count", "marts.award_count", 2) }}
    or (published.award_count is null and published.award_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.household_count", "marts.household_count", 2) }}
    or (published.household_count is null and published.household_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.award_gbp", "marts.award_gbp", 500) }}
    or (published.award_gbp is null and published.award_gbp_mark is distinct from 'c')
