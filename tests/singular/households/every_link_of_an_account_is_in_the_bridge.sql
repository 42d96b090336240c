with

    benefit_units as (select * from {{ ref("stg_links__benefit_units") }}),

    bridge as (select * from {{ ref("bridge_account_household") }}),

    links as (
        select district_code, source_key as account_key, household_key
        from benefit_units
        where source = 'council_tax_account'
    )

select
    coalesce(links.district_code, bridge.district_code) as district_code,
    links.account_key as linked_account_key,
    bridge.account_key as bridge_account_key
from links
full outer join
    bridge
    on links.district_code = bridge.district_code
    and links.account_key = bridge.account_key
    and links.household_key = bridge.household_key
where links.account_key is null or bridge.account_key is null
