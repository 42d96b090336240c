with schemes as (select * from {{ ref("stg_configuration__schemes") }})

select
    scheme_key,
    scheme_name,
    district_code,
    financial_year,
    scheme_kind,
    standing,
    cast(maximum_pct as decimal(5, 2)) as maximum_pct,
    band_cap,
    cast(capital_limit_gbp as decimal(18, 2)) as capital_limit_gbp,
    cast(minimum_award_gbp as decimal(18, 2)) as minimum_award_gbp,
    cast(taper_pct as decimal(5, 2)) as taper_pct,
    has_minimum_income_floor,
    counts_universal_credit,
    cast(non_dependant_working_gbp as decimal(18, 2)) as non_dependant_working_gbp,
    cast(non_dependant_other_gbp as decimal(18, 2)) as non_dependant_other_gbp,
    cast(child_cap as integer) as child_cap,
    cast(backdating_months as integer) as backdating_months,
    cast(hardship_fund_gbp as decimal(18, 2)) as hardship_fund_gbp,
    assumed,
    source,
    {{ build_id() }} as build_id
from schemes
