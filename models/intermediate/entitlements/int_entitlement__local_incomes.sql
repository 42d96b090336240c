{{ config(materialized="view") }}

with

    means as (select * from {{ ref("int_entitlement__local_means") }}),

    place_schemes as (select * from {{ ref("int_entitlement__place_schemes") }}),

    under_each_scheme as (
        select
            means.*,
            schemes.scheme_key,
            schemes.district_code as scheme_district_code,
            schemes.financial_year as scheme_financial_year,
            schemes.standing,
            schemes.scheme_kind,
            schemes.maximum_pct,
            schemes.taper_pct,
            schemes.minimum_award_gbp,
            schemes.is_deducted_before_share,
            means.capital_gbp <= schemes.capital_limit_gbp as is_within_capital_limit,
            schemes.type_set,
            case
                when means.child_count > schemes.child_cap
                then schemes.child_cap
                else means.child_count
            end as counted_child_count,
            (schemes.passports_legacy_benefits and means.is_passported)
            or (
                schemes.passports_universal_credit_maximum and means.is_uc_at_maximum
            ) as is_passported_by_scheme,
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
            place_schemes as schemes
            on means.district_code = schemes.place_code
            and means.period_key = schemes.place_period
            and coalesce(means.council_tax_band, '') = schemes.place_band
    ),

    incomes_counted as (
        select
            *,
            case
                when is_passported_by_scheme
                then 0
                when scheme_kind = 'earnings_bands'
                then counted_earnings_of_scheme_gbp
                else greatest(counted_earnings_of_scheme_gbp + counted_other_gbp, 0)
            end as counted_income_gbp,
            -- The means test of a claim on Universal Credit sets its own maximum against the award
            -- and what else comes in.
            case
                when is_passported_by_scheme
                then 0
                else
                    greatest(
                        counted_earnings_of_scheme_gbp
                        + unearned_gbp
                        + uc_award_gbp
                        - uc_maximum_gbp,
                        0
                    )
            end as excess_income_gbp
        from under_each_scheme
    )

select
    unit_number,
    home_number,
    scheme_key,
    district_code = scheme_district_code
    and financial_year = scheme_financial_year
    and standing = 'documented' as is_own,
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
    is_passported_by_scheme as is_passported,
    case
        when type_set = 'undivided'
        then 'all'
        when type_set = 'four' and counted_child_count >= 2
        then 'two_plus_children'
        when type_set = 'four' and counted_child_count = 1
        then 'one_child'
        when type_set = 'four' and adult_count > 1
        then 'couple'
        when type_set = 'four'
        then 'single'
        when counted_child_count >= 3
        then 'three_plus_children'
        when counted_child_count >= 1
        then 'one_two_children'
        else 'no_children'
    end as household_type
from incomes_counted
