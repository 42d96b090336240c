{{ config(materialized="view") }}

with

    claims as (select * from {{ ref("int_uc__circumstances") }}),

    support as (select * from {{ ref("int_cts__circumstances") }}),

    benefit_rates as (select * from {{ ref("benefit_rates") }}),

    contributions as (
        select valid_from, valid_to, value
        from benefit_rates
        where rate_code = 'uc_non_dependant_contribution'
    )

select
    claims.district_code,
    claims.household_key,
    claims.month,
    'universal_credit' as source_feed,
    claims.capital_gbp,
    claims.capital_gbp is not null as is_capital_known,
    true as is_income_known,
    'none' as passport,
    true as is_rent_known,
    claims.claimant_age_at_month_end is not null
    and (not claims.has_partner or claims.partner_age_at_month_end is not null) as are_people_known,
    claims.child_count = 0 as are_childrens_ages_known,
    case
        when claims.housing_tenure = 'none'
        then 'owner'
        when claims.housing_tenure = 'private'
        then 'private_tenant'
        else 'social_tenant'
    end as tenure,
    -- The element awarded is already bounded by the local housing allowance and the spare room, and
    -- what others of the home are to contribute is off it: the rules take that off again.
    cast(
        (
            claims.housing_element_gbp + case
                when claims.housing_element_gbp > 0
                then coalesce(support.non_dependant_count, 0) * contributions.value
                else 0
            end
        )
        * 12 as decimal(18, 2)
    ) as annual_rent_gbp,
    claims.has_new_health_element,
    cast(0 as decimal(18, 2)) as annual_benefit_gbp,
    false as is_claim_suspended
from claims
inner join
    contributions on claims.period_start between contributions.valid_from and contributions.valid_to
left join
    support
    on claims.district_code = support.district_code
    and claims.household_key = support.household_key
    and claims.month = support.month
