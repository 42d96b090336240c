{{ config(materialized="view") }}

with

    means as (select * from {{ ref("int_entitlement__local_means") }}),

    schemes as (select * from {{ ref("int_entitlement_schemes") }}),

    band_ratios as (select * from {{ ref("band_ratios") }}),

    homes as (select * from {{ ref("int_entitlement_dwellings") }}),

    periods as (select * from {{ ref("int_entitlement_periods") }}),

    scheme_shares as (select * from {{ ref("int_entitlement__scheme_shares") }}),

    places as (
        select homes.district_code, periods.financial_year, homes.council_tax_band
        from homes
        inner join periods on homes.period_key = periods.period_key
        group by homes.district_code, periods.financial_year, homes.council_tax_band
    ),

    type_sets as (select scheme_key, type_set from scheme_shares group by scheme_key, type_set),

    -- Each place, year and band with its schemes, so that households meet theirs by equal keys.
    schemes_of_places as (
        select
            places.district_code as place_code,
            places.financial_year as place_year,
            coalesce(places.council_tax_band, '') as place_band,
            type_sets.type_set,
            case
                when own_band.ninths_of_band_d > cap.ninths_of_band_d
                then cap.ninths_of_band_d / cast(own_band.ninths_of_band_d as double)
                else 1
            end as share_under_cap,
            schemes.*
        from places
        inner join
            schemes
            on schemes.is_for_everybody
            or (
                places.district_code = schemes.district_code
                and places.financial_year = schemes.financial_year
            )
        inner join type_sets on schemes.scheme_key = type_sets.scheme_key
        left join band_ratios as own_band on places.council_tax_band = own_band.band
        left join band_ratios as cap on schemes.band_cap = cap.band
    ),

    under_each_scheme as (
        select
            means.*,
            schemes.scheme_key,
            schemes.district_code as scheme_district_code,
            schemes.financial_year as scheme_financial_year,
            schemes.scheme_kind,
            schemes.maximum_pct,
            schemes.taper_pct,
            schemes.minimum_award_gbp,
            schemes.is_deducted_before_share,
            means.capital_gbp <= schemes.capital_limit_gbp as is_within_capital_limit,
            schemes.type_set,
            means.weekly_liability_gbp * schemes.share_under_cap as capped_liability_gbp,
            case
                when schemes.is_exempt_for_disability and means.is_exempt_from_deductions
                then 0
                else
                    means.working_non_dependant_count * schemes.non_dependant_working_gbp
                    + means.other_non_dependant_count * schemes.non_dependant_other_gbp
            end as non_dependant_deduction_gbp,
            greatest(
                case
                    when schemes.has_minimum_income_floor
                    then means.counted_earnings_gbp
                    else means.net_earnings_gbp
                end
                - schemes.earnings_disregarded_gbp,
                0
            ) as counted_earnings_of_scheme_gbp,
            case when schemes.counts_unearned then means.unearned_gbp else 0 end + case
                when schemes.counts_universal_credit and schemes.counts_disability_elements
                then means.living_award_gbp
                when schemes.counts_universal_credit
                then greatest(means.living_award_gbp - means.disability_elements_gbp, 0)
                else 0
            end
            + case when schemes.counts_child_benefit then means.child_benefit_gbp else 0 end
            - case
                when means.has_disability_benefit then schemes.disability_disregarded_gbp else 0
            end as counted_other_gbp
        from means
        inner join
            schemes_of_places as schemes
            on means.district_code = schemes.place_code
            and means.financial_year = schemes.place_year
            and coalesce(means.council_tax_band, '') = schemes.place_band
    ),

    incomes_counted as (
        select
            *,
            case
                when scheme_kind = 'earnings_bands'
                then counted_earnings_of_scheme_gbp
                else greatest(counted_earnings_of_scheme_gbp + counted_other_gbp, 0)
            end as counted_income_gbp,
            -- The means test of a claim on Universal Credit sets its own maximum against the award
            -- and what else comes in.
            greatest(
                counted_earnings_of_scheme_gbp + unearned_gbp + uc_award_gbp - uc_maximum_gbp, 0
            ) as excess_income_gbp
        from under_each_scheme
    )

select
    unit_number,
    home_number,
    scheme_key,
    district_code = scheme_district_code and financial_year = scheme_financial_year as is_own,
    scheme_kind,
    maximum_pct,
    taper_pct,
    minimum_award_gbp,
    is_deducted_before_share,
    is_within_capital_limit,
    weekly_liability_gbp,
    capped_liability_gbp,
    non_dependant_deduction_gbp,
    counted_income_gbp,
    excess_income_gbp,
    case
        when type_set = 'undivided'
        then 'all'
        when type_set = 'four'
        then type_of_four
        else type_of_three
    end as household_type
from incomes_counted
