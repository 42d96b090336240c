-- Each household and month with a claim for Housing Benefit or Universal Credit, and no other.
with

    needs as (select * from {{ ref("fct_household_needs") }}),

    circumstances as (
        select * from {{ ref("fct_household_circumstances") }} where household_key is not null
    ),

    uc_awards as (select * from {{ ref("fct_uc_awards") }} where household_key is not null),

    claims as (
        select household_key, month, 0 as uc_award_count
        from circumstances
        union all
        select household_key, month, 1 as uc_award_count
        from uc_awards
    ),

    households as (
        select household_key, month, max(uc_award_count) = 1 as is_on_universal_credit
        from claims
        group by household_key, month
    )

select coalesce(needs.household_key, households.household_key) as household_key
from needs
full outer join
    households on needs.household_key = households.household_key and needs.month = households.month
where needs.is_on_universal_credit is distinct from households.is_on_universal_credit
