-- Pounds of rent, allowance and savings by district and month, from the claims that tell them and
-- in
-- the fact.
with

    running_claims as (select * from {{ ref("int_housing_benefit__running_claims") }}),

    circumstances as (select * from {{ ref("fct_household_circumstances") }}),

    told as (
        select
            district_code,
            month,
            sum(weekly_contractual_rent_gbp) as contractual_gbp,
            sum(weekly_eligible_rent_gbp) as eligible_gbp,
            sum(weekly_lha_gbp) as lha_gbp,
            sum(capital_gbp) as capital_gbp
        from running_claims
        group by district_code, month
    ),

    in_fact as (
        select
            district_code,
            month,
            sum(weekly_contractual_rent_gbp) as contractual_gbp,
            sum(weekly_eligible_rent_gbp) as eligible_gbp,
            sum(weekly_lha_gbp) as lha_gbp,
            sum(capital_gbp) as capital_gbp
        from circumstances
        where source_feed = 'housing_benefit'
        group by district_code, month
    )

select told.district_code, told.month
from told
full outer join in_fact on told.district_code = in_fact.district_code and told.month = in_fact.month
where
    told.contractual_gbp is distinct from in_fact.contractual_gbp
    or told.eligible_gbp is distinct from in_fact.eligible_gbp
    or told.lha_gbp is distinct from in_fact.lha_gbp
    or told.capital_gbp is distinct from in_fact.capital_gbp
