{{ config(materialized="view") }}

with schemes as (select * from {{ ref("stg_configuration__schemes") }})

-- A household is put under its own district's scheme of the year, and in the last period under
-- every documented one and what its own district proposes; `lsi scheme compare` puts everybody
-- under
-- every scheme.
select
    scheme_key,
    district_code,
    financial_year,
    standing,
    scheme_kind,
    maximum_pct,
    band_cap,
    capital_limit_gbp,
    minimum_award_gbp,
    taper_pct,
    has_minimum_income_floor,
    counts_universal_credit,
    counts_unearned,
    counts_child_benefit,
    counts_disability_elements,
    earnings_disregarded_gbp,
    disability_disregarded_gbp,
    non_dependant_working_gbp,
    non_dependant_other_gbp,
    is_deducted_before_share,
    is_exempt_for_disability,
    child_cap,
    passports_legacy_benefits,
    passports_universal_credit_maximum,
    false as is_for_everybody,
    true as is_for_last_period
from schemes
