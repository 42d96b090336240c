{{ config(materialized="view") }}

with claims as (select * from {{ ref("int_cts__circumstances") }})

-- A claim tells one income, in which everything is counted by the scheme, savings among it; of rent
-- and of savings themselves it says nothing. On Universal Credit the award should tell more; where
-- none is linked, nothing is known.
select
    district_code,
    household_key,
    month,
    'cts' as source_feed,
    cast(0 as decimal(18, 2)) as capital_gbp,
    true as is_capital_known,
    weekly_income_gbp is not null and not is_passported and not is_on_uc as is_income_known,
    case
        when is_on_uc
        then 'universal_credit'
        when not is_passported
        then 'none'
        when cts_age_group = 'pension'
        then 'pension_credit_guarantee'
        else 'other'
    end as passport,
    false as is_rent_known,
    claimant_age_at_month_end is not null
    and (not has_partner or partner_age_at_month_end is not null) as are_people_known,
    dependant_count = 0 as are_childrens_ages_known,
    'owner' as tenure,
    cast(0 as decimal(18, 2)) as annual_rent_gbp,
    false as has_new_health_element,
    cast(0 as decimal(18, 2)) as annual_benefit_gbp,
    false as is_claim_suspended
from claims
