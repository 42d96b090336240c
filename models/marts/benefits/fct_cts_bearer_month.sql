with

    cts_months as (select * from {{ ref("fct_cts_month") }}),

    band_d as (select * from {{ ref("fct_published_band_d") }}),

    months as (select * from {{ ref("dim_month") }}),

    district_months as (
        select
            cts_months.district_code,
            cts_months.month,
            months.financial_year,
            sum(cts_months.recognised_gbp) as recognised_gbp
        from cts_months
        inner join months on cts_months.month = months.month
        group by cts_months.district_code, cts_months.month, months.financial_year
    ),

    -- The workbook of the month's own year; until it is loaded, the last one held.
    years_held as (
        select
            district_months.district_code,
            district_months.month,
            max(band_d.financial_year) as shares_year
        from district_months
        inner join
            band_d
            on district_months.district_code = band_d.authority_code
            and district_months.financial_year >= band_d.financial_year
            and band_d.county_band_d_gbp is not null
        group by district_months.district_code, district_months.month
    ),

    tiers as (
        select
            authority_code, financial_year, 'district' as bearer, own_band_d_gbp as tier_band_d_gbp
        from band_d
        union all
        select
            authority_code, financial_year, 'parish' as bearer, parish_band_d_gbp as tier_band_d_gbp
        from band_d
        union all
        select
            authority_code, financial_year, 'county' as bearer, county_band_d_gbp as tier_band_d_gbp
        from band_d
        union all
        select
            authority_code, financial_year, 'police' as bearer, police_band_d_gbp as tier_band_d_gbp
        from band_d
        union all
        select authority_code, financial_year, 'fire' as bearer, fire_band_d_gbp as tier_band_d_gbp
        from band_d
        union all
        -- A mayor's or combined authority's precept; none in Kent, where the workbooks print 0.
        select
            authority_code,
            financial_year,
            'other' as bearer,
            nullif(other_band_d_gbp, 0) as tier_band_d_gbp
        from band_d
    ),

    district_month_tiers as (
        select
            district_months.district_code,
            district_months.month,
            tiers.bearer,
            years_held.shares_year,
            years_held.shares_year <> district_months.financial_year as is_assumed_shares,
            district_months.recognised_gbp,
            tiers.tier_band_d_gbp,
            -- A parish sets its precept and keeps it whatever is collected, so variance in the year
            -- falls on the others alone.
            case
                when tiers.bearer = 'parish' then 0 else tiers.tier_band_d_gbp
            end as in_year_band_d_gbp
        from district_months
        inner join
            years_held
            on district_months.district_code = years_held.district_code
            and district_months.month = years_held.month
        inner join
            tiers
            on years_held.district_code = tiers.authority_code
            and years_held.shares_year = tiers.financial_year
        where tiers.tier_band_d_gbp is not null
    ),

    tiers_added_up as (
        select
            *,
            sum(tier_band_d_gbp) over in_bill as area_band_d_gbp,
            sum(in_year_band_d_gbp) over in_bill as in_year_area_band_d_gbp,
            sum(tier_band_d_gbp) over up_to_tier as tiers_so_far_gbp,
            sum(in_year_band_d_gbp) over up_to_tier as in_year_tiers_so_far_gbp
        from district_month_tiers
        window
            in_bill as (partition by district_code, month),
            up_to_tier as (
                partition by district_code, month
                order by bearer
                rows between unbounded preceding and current row
            )
    ),

    -- Each tier gets what the tiers up to it bear, less what those before it bear: the pennies of
    -- rounding land somewhere, and the shares are the whole to the penny.
    shares as (
        select
            *,
            round(recognised_gbp * tiers_so_far_gbp / area_band_d_gbp, 2) - round(
                recognised_gbp * (tiers_so_far_gbp - tier_band_d_gbp) / area_band_d_gbp, 2
            ) as notional_share_gbp,
            round(recognised_gbp * in_year_tiers_so_far_gbp / in_year_area_band_d_gbp, 2) - round(
                recognised_gbp
                * (in_year_tiers_so_far_gbp - in_year_band_d_gbp)
                / in_year_area_band_d_gbp,
                2
            ) as in_year_share_gbp
        from tiers_added_up
    )

select
    district_code,
    month,
    bearer,
    cast(tier_band_d_gbp / area_band_d_gbp as decimal(18, 8)) as share_ratio,
    cast(notional_share_gbp as decimal(18, 2)) as notional_share_gbp,
    cast(in_year_band_d_gbp / in_year_area_band_d_gbp as decimal(18, 8)) as in_year_share_ratio,
    cast(in_year_share_gbp as decimal(18, 2)) as in_year_share_gbp,
    shares_year,
    is_assumed_shares,
    {{ build_id() }} as build_id
from shares
