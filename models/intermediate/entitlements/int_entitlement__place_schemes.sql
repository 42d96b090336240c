with

    schemes as (select * from {{ ref("int_entitlement_schemes") }}),

    band_ratios as (select * from {{ ref("band_ratios") }}),

    homes as (select * from {{ ref("int_entitlement_dwellings") }}),

    periods as (select * from {{ ref("int_entitlement_periods") }}),

    scheme_shares as (select * from {{ ref("int_entitlement__scheme_shares") }}),

    places as (
        select homes.district_code, homes.period_key, periods.financial_year, homes.council_tax_band
        from homes
        inner join periods on homes.period_key = periods.period_key
        group by
            homes.district_code, homes.period_key, periods.financial_year, homes.council_tax_band
    ),

    last_periods as (
        select district_code, max(period_key) as period_key from homes group by district_code
    ),

    type_sets as (select scheme_key, type_set from scheme_shares group by scheme_key, type_set)

-- Each place, period and band with its schemes, so that households meet theirs by equal keys. In a
-- district's last period they meet every scheme that is for it, to be held against each other.
select
    places.district_code as place_code,
    places.period_key as place_period,
    coalesce(places.council_tax_band, '') as place_band,
    type_sets.type_set,
    case
        when own_band.ninths_of_band_d > cap.ninths_of_band_d
        then cap.ninths_of_band_d / cast(own_band.ninths_of_band_d as double)
        else 1
    end as share_under_cap,
    schemes.scheme_key,
    schemes.district_code,
    schemes.financial_year,
    schemes.standing,
    schemes.scheme_kind,
    schemes.maximum_pct,
    schemes.capital_limit_gbp,
    schemes.minimum_award_gbp,
    schemes.taper_pct,
    schemes.has_minimum_income_floor,
    schemes.counts_universal_credit,
    schemes.counts_unearned,
    schemes.counts_child_benefit,
    schemes.counts_disability_elements,
    schemes.earnings_disregarded_gbp,
    schemes.disability_disregarded_gbp,
    schemes.non_dependant_working_gbp,
    schemes.non_dependant_other_gbp,
    schemes.is_deducted_before_share,
    schemes.is_exempt_for_disability,
    schemes.child_cap,
    schemes.passports_legacy_benefits,
    schemes.passports_universal_credit_maximum
from places
left join
    last_periods
    on places.district_code = last_periods.district_code
    and places.period_key = last_periods.period_key
inner join
    schemes
    on schemes.is_for_everybody
    or (
        schemes.is_for_last_period
        and last_periods.period_key is not null
        and (schemes.standing = 'documented' or places.district_code = schemes.district_code)
    )
    or (
        places.district_code = schemes.district_code
        and places.financial_year = schemes.financial_year
        and schemes.standing = 'documented'
    )
inner join type_sets on schemes.scheme_key = type_sets.scheme_key
left join band_ratios as own_band on places.council_tax_band = own_band.band
left join band_ratios as cap on schemes.band_cap = cap.band
