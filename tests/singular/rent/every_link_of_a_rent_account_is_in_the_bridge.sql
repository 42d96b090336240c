-- What linkage found is what the bridge has, and the shares of an account make one.
with

    benefit_units as (select * from {{ ref("stg_links__benefit_units") }}),

    bridge as (select * from {{ ref("bridge_rent_account_household") }}),

    found as (
        select district_code, source_key, count(*) as unit_count
        from benefit_units
        where source = 'rent_account'
        group by district_code, source_key
    ),

    bridged as (
        select
            district_code, rent_account_key, count(*) as unit_count, sum(share_ratio) as share_ratio
        from bridge
        group by district_code, rent_account_key
    )

select found.district_code, found.source_key
from found
full outer join
    bridged
    on found.district_code = bridged.district_code
    and found.source_key = bridged.rent_account_key
where found.unit_count is distinct from bridged.unit_count or abs(bridged.share_ratio - 1) > 0.00001
