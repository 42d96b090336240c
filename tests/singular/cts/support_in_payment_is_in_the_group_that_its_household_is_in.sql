-- The fact and the dimension are built from the same periods by different steps; a household must
-- not be of pension age in one and on Universal Credit in the other.
with

    benefit_spend as (select * from {{ ref("fct_benefit_spend") }}),

    households as (select * from {{ ref("dim_household") }})

select benefit_spend.district_code, benefit_spend.household_key, benefit_spend.month
from benefit_spend
left join households on benefit_spend.household_version_key = households.household_version_key
where
    benefit_spend.benefit_code = 'cts'
    and benefit_spend.is_in_payment
    and (
        benefit_spend.cts_age_group is distinct from households.cts_age_group
        or benefit_spend.is_on_uc is distinct from households.is_on_uc
    )
