with

    award_months as (select * from {{ ref("int_cts__award_months") }}),

    accounts as (select * from {{ ref("int_council_tax__accounts_in_force") }}),

    taxbase_days as (select * from {{ ref("taxbase_days") }}),

    band_ratios as (select * from {{ ref("band_ratios") }}),

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
    ),

    returns as (
        select district_code, financial_year, as_at_date, month
        from annual_amounts
        group by district_code, financial_year, as_at_date, month
    ),

    age_groups as (
        select 'pension' as cts_age_group
        union all
        select 'working' as cts_age_group
    ),

    taxbase_bands as (
        select
            case when band = 'A_disabled' then 'a_with_relief' else lower(band) end as taxbase_band
        from band_ratios
        union all
        select 'unknown' as taxbase_band
    ),

    -- The return has a cell for every band and age, so that one without awards is nought, not
    -- missing.
    cells as (
        select returns.*, age_groups.cts_age_group, taxbase_bands.taxbase_band
        from returns
        cross join age_groups
        cross join taxbase_bands
    )

select
    cells.district_code,
    cells.financial_year,
    cells.as_at_date,
    cells.month,
    cells.cts_age_group,
    cells.taxbase_band,
    cast(count(annual_amounts.annual_award_gbp) as integer) as award_count,
    cast(coalesce(sum(annual_amounts.annual_award_gbp), 0) as decimal(18, 2)) as annual_award_gbp,
    cast(coalesce(max(annual_amounts.annual_award_gbp), 0) as decimal(18, 2)) as largest_award_gbp,
    {{ build_id() }} as build_id
from cells
left join
    annual_amounts
    on cells.district_code = annual_amounts.district_code
    and cells.financial_year = annual_amounts.financial_year
    and cells.cts_age_group = annual_amounts.cts_age_group
    and cells.taxbase_band = annual_amounts.taxbase_band
group by
    cells.district_code,
    cells.financial_year,
    cells.as_at_date,
    cells.month,
    cells.cts_age_group,
    cells.taxbase_band
