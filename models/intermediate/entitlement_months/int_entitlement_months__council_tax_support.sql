{{ config(materialized="view") }}

with

    in_payment as (select * from {{ ref("int_entitlement_months__in_payment") }}),

    homes as (select * from {{ ref("int_entitlement__homes") }}),

    prescribed as (select * from {{ ref("int_entitlement__council_tax_reduction") }}),

    local_support as (select * from {{ ref("int_entitlement__local_support") }}),

    own_schemes as (select * from local_support where is_own),

    estimates as (
        select
            in_payment.*,
            prescribed.unit_number is not null as is_pensioner,
            homes.annual_council_tax_gbp is not null as is_council_tax_known,
            coalesce(own_schemes.is_passported, false) as is_passported,
            case
                when prescribed.unit_number is not null
                then prescribed.council_tax_reduction_gbp
                else own_schemes.award_gbp
            end as annual_estimate_gbp
        from in_payment
        inner join homes on in_payment.unit_number = homes.unit_number
        left join prescribed on in_payment.unit_number = prescribed.unit_number
        left join own_schemes on in_payment.unit_number = own_schemes.unit_number
    )

-- What a year's account is charged may be for a part of the year, so that some is always assumed.
select
    unit_number,
    'cts' as benefit_code,
    annual_estimate_gbp,
    support_gbp as annual_in_payment_gbp,
    case
        when not are_people_known
        then 'people_not_known'
        -- Of an award without support only the interest that it tells of says that none was
        -- refused.
        when is_on_universal_credit and support_gbp = 0 and not has_interest_in_support
        then 'interest_not_told'
        when not is_council_tax_known
        then 'council_tax_not_known'
        when
            not is_income_known
            and not (is_pensioner and is_on_guarantee_credit)
            and not (not is_pensioner and is_passported)
        then 'income_not_known'
        when not is_capital_known and not (is_pensioner and is_on_guarantee_credit)
        then 'capital_not_known'
        when annual_estimate_gbp is null
        then 'scheme_not_documented'
    end as not_assessable_reason,
    true as is_some_assumed
from estimates
