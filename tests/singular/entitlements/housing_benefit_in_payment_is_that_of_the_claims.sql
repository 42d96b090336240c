-- A twelfth of 52 weeks of each claim in payment, rounded once a household: a penny a household at
-- most.
with

    running_claims as (select * from {{ ref("int_housing_benefit__running_claims") }}),

    entitlements as (select * from {{ ref("fct_entitlements") }}),

    claims as (
        select
            entitlements.district_code,
            entitlements.month,
            sum(entitlements.in_payment_gbp) as in_payment_gbp,
            sum(
                case
                    when running_claims.is_in_payment then running_claims.weekly_benefit_gbp else 0
                end
            )
            * 52
            / 12 as claimed_gbp,
            count(*) as household_count
        from entitlements
        inner join
            running_claims
            on entitlements.district_code = running_claims.district_code
            and entitlements.household_key = running_claims.household_key
            and entitlements.month = running_claims.month
        where entitlements.benefit_code = 'hb'
        group by entitlements.district_code, entitlements.month
    )

select *
from claims
where abs(in_payment_gbp - claimed_gbp) > 0.01 * household_count
