-- Ages are told by Housing Benefit claims alone, so that every count is of a household with one.
with

    entitlements as (select * from {{ ref("fct_entitlements") }}),

    running_claims as (select * from {{ ref("int_housing_benefit__running_claims") }})

select
    entitlements.district_code,
    entitlements.household_key,
    entitlements.month,
    entitlements.entitled_count,
    running_claims.dependant_count
from entitlements
left join
    running_claims
    on entitlements.district_code = running_claims.district_code
    and entitlements.household_key = running_claims.household_key
    and entitlements.month = running_claims.month
where entitlements.entitled_count > coalesce(running_claims.dependant_count, 0)
