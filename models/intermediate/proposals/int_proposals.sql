with

    schemes as (select * from {{ ref("stg_configuration__schemes") }}),

    scheme_alternatives as (select * from {{ ref("stg_configuration__scheme_alternatives") }}),

    scheme_awards as (select * from {{ ref("int_caseload_scheme_awards") }}),

    periods as (select * from {{ ref("int_entitlement_periods") }}),

    alternatives_named as (
        select alternative_key from scheme_alternatives group by alternative_key
    ),

    -- What only stands beside another proposal is none of its own.
    proposals as (
        select schemes.*
        from schemes
        left join alternatives_named on schemes.scheme_key = alternatives_named.alternative_key
        where schemes.standing = 'proposed' and alternatives_named.alternative_key is null
    ),

    latest_years as (
        select district_code, max(financial_year) as financial_year
        from proposals
        group by district_code
    ),

    caseloads as (
        select
            scheme_awards.district_code,
            scheme_awards.month,
            max(periods.financial_year) as financial_year
        from scheme_awards
        inner join periods on scheme_awards.month = periods.period_key
        group by scheme_awards.district_code, scheme_awards.month
    )

select
    proposals.scheme_key as proposal_key,
    proposals.scheme_name as proposal_name,
    proposals.district_code,
    proposals.financial_year,
    proposals.adoption_deadline_date,
    proposals.source,
    proposals.assumed,
    caseloads.month,
    -- Doing nothing is the documented scheme of the caseload's own year; without one, what is in
    -- payment.
    base_schemes.scheme_key as base_scheme_key,
    base_schemes.scheme_name as base_scheme_name
from proposals
inner join
    latest_years
    on proposals.district_code = latest_years.district_code
    and proposals.financial_year = latest_years.financial_year
left join caseloads on proposals.district_code = caseloads.district_code
left join
    schemes as base_schemes
    on caseloads.district_code = base_schemes.district_code
    and caseloads.financial_year = base_schemes.financial_year
    and base_schemes.standing = 'documented'
