-- The same as a proposal is modelled by: what a claim does not tell is never filled in.
{{ config(schema="caseload") }}

with

    households as (
        select * from {{ ref("int_caseload_households") }} where cts_age_group = 'working'
    ),

    schemes as (select * from {{ ref("int_entitlement_schemes") }}),

    homes as (select * from {{ ref("int_entitlement_dwellings") }}),

    local_support as (select * from {{ ref("int_entitlement__local_support") }}),

    -- A district whose support is behind its other feeds has no caseload of its last period.
    last_periods as (
        select district_code, max(period_key) as period_key from homes group by district_code
    ),

    reasons as (
        select
            households.unit_number,
            households.district_code,
            households.month,
            schemes.scheme_key,
            schemes.standing,
            households.weekly_award_gbp,
            local_support.award_gbp,
            case
                when not households.are_people_known
                then 'people_not_known'
                when not households.is_council_tax_known
                then 'council_tax_not_known'
                when
                    not households.is_income_known
                    and not coalesce(local_support.is_passported, false)
                then 'income_not_known'
                when not households.is_capital_known
                then 'capital_not_known'
                when local_support.unit_number is null
                then 'of_pension_age_by_rule'
                when local_support.award_gbp is null
                then 'no_bands_for_household'
            end as not_assessable_reason
        from households
        inner join
            last_periods
            on households.district_code = last_periods.district_code
            and households.month = last_periods.period_key
        -- What a district proposes is put to nobody else's caseload.
        inner join
            schemes
            on schemes.standing = 'documented'
            or households.district_code = schemes.district_code
        left join
            local_support
            on households.unit_number = local_support.unit_number
            and schemes.scheme_key = local_support.scheme_key
    )

select
    unit_number,
    district_code,
    month,
    scheme_key,
    standing,
    not_assessable_reason,
    cast(weekly_award_gbp * 52 as decimal(18, 2)) as in_payment_gbp,
    case
        when not_assessable_reason is null then cast(round(award_gbp, 2) as decimal(18, 2))
    end as award_gbp,
    {{ build_id() }} as build_id
from reasons
