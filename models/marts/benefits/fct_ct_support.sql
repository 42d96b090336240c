with

    award_months as (select * from {{ ref("int_cts__award_months") }}),

    accounts as (select * from {{ ref("int_council_tax__accounts_in_force") }}),

    taxbase_days as (select * from {{ ref("taxbase_days") }}),

    -- A suspended award is not in payment on the day; a year from April to March has 366 days where
    -- its February has 29.
    awards_on_the_day as (
        select
            award_months.district_code,
            award_months.month,
            award_months.account_key,
            award_months.cts_age_group,
            award_months.weekly_award_gbp,
            taxbase_days.financial_year,
            taxbase_days.as_at_date,
            {{
                days_between(
                    "cast(date_trunc('month', taxbase_days.as_at_date) - interval '6 months' as date)",
                    "cast(date_trunc('month', taxbase_days.as_at_date) + interval '6 months' as date)",
                )
            }}
            as days_of_year
        from award_months
        inner join
            taxbase_days
            on award_months.month = cast(date_trunc('month', taxbase_days.as_at_date) as date)
            and award_months.award_from <= taxbase_days.as_at_date
            and (award_months.award_to is null or award_months.award_to >= taxbase_days.as_at_date)
        where award_months.award_status = 'in_payment'
    ),

    -- Who has relief for a disabled resident is charged, and counted, one band lower; below A is a
    -- column of its own. An account that is not held tells no band.
    bands_found as (
        select
            awards_on_the_day.*,
            case
                when accounts.band is null
                then 'unknown'
                when accounts.band = 'A' and accounts.is_disabled_band
                then 'a_with_relief'
                when accounts.is_disabled_band
                then chr(ascii(lower(accounts.band)) - 1)
                else lower(accounts.band)
            end as taxbase_band
        from awards_on_the_day
        left join
            accounts
            on awards_on_the_day.district_code = accounts.district_code
            and awards_on_the_day.account_key = accounts.account_key
            and awards_on_the_day.month = accounts.month
    ),

    annual_amounts as (
        select
            *,
            cast(
                round(weekly_award_gbp * days_of_year / 7, 2) as decimal(18, 2)
            ) as annual_award_gbp
        from bands_found
    )

select
    district_code,
    financial_year,
    as_at_date,
    month,
    cts_age_group,
    taxbase_band,
    cast(count(*) as integer) as award_count,
    cast(sum(annual_award_gbp) as decimal(18, 2)) as annual_award_gbp,
    cast(max(annual_award_gbp) as decimal(18, 2)) as largest_award_gbp,
    {{ build_id() }} as build_id
from annual_amounts
group by district_code, financial_year, as_at_date, month, cts_age_group, taxbase_band
