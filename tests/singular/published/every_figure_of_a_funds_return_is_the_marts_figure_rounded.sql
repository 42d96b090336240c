-- From the awards themselves, quarter by quarter, and each way that the return cuts them.
with

    fct_discretionary_awards as (select * from {{ ref("fct_discretionary_awards") }}),

    fct_fund_return_awards as (select * from {{ ref("fct_fund_return_awards") }}),

    awards as (
        select
            fund,
            award_reason,
            household_key,
            award_gbp,
            cast(date_trunc('quarter', month) as date) as quarter_month
        from fct_discretionary_awards
    ),

    marts as (
        select
            'quarter' as cut_by,
            'all' as cut_key,
            quarter_month,
            fund,
            count(*) as award_count,
            count(distinct household_key) as household_count,
            sum(award_gbp) as award_gbp
        from awards
        group by quarter_month, fund
        union all
        select
            'reason' as cut_by,
            award_reason as cut_key,
            quarter_month,
            fund,
            count(*) as award_count,
            count(distinct household_key) as household_count,
            sum(award_gbp) as award_gbp
        from awards
        group by award_reason, quarter_month, fund
        union all
        select
            'strand' as cut_by,
            strand as cut_key,
            quarter_month,
            fund,
            count(*) as award_count,
            count(distinct household_key) as household_count,
            sum(award_gbp) as award_gbp
        from fct_fund_return_awards
        group by strand, quarter_month, fund
        union all
        select
            'household' as cut_by,
            household_kind as cut_key,
            quarter_month,
            fund,
            count(*) as award_count,
            count(distinct household_key) as household_count,
            sum(award_gbp) as award_gbp
        from fct_fund_return_awards
        group by household_kind, quarter_month, fund
    ),

    shown as (
        select
            'quarter' as cut_by,
            'all' as cut_key,
            quarter_month,
            fund,
            award_count,
            household_count,
            award_gbp
        from {{ source("published", "county_fund_quarter") }}
        union all
        select
            'reason' as cut_by,
            award_reason as cut_key,
            quarter_month,
            fund,
            award_count,
            household_count,
            award_gbp
        from {{ source("published", "county_fund_reason_quarter") }}
        union all
        select
            'strand' as cut_by,
            strand as cut_key,
            quarter_month,
            fund,
            award_count,
            household_count,
            award_gbp
        from {{ source("published", "county_fund_strand_quarter") }}
        union all
        select
            'household' as cut_by,
            household_kind as cut_key,
            quarter_month,
            fund,
            award_count,
            household_count,
            award_gbp
        from {{ source("published", "county_fund_household_quarter") }}
    )

select marts.*, shown.cut_by as published_cut_by
from marts
full outer join
    shown
    on marts.cut_by = shown.cut_by
    and marts.cut_key = shown.cut_key
    and marts.quarter_month = shown.quarter_month
    and marts.fund = shown.fund
where
    marts.cut_by is null
    or shown.cut_by is null
    or {{ is_not_rounded_from("shown.award_count", "marts.award_count", 2) }}
    or {{ is_not_rounded_from("shown.household_count", "marts.household_count", 2) }}
    or {{ is_not_rounded_from("shown.award_gbp", "marts.award_gbp", 500) }}
