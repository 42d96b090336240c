with

    billing_authorities as (select * from {{ ref("billing_authorities") }}),

    counties as (select * from {{ ref("stg_configuration__county") }}),

    neighbours as (select * from {{ ref("stg_configuration__neighbours") }}),

    configured_districts as (select * from {{ ref("stg_configuration__districts") }}),

    without_rent as (
        select * from {{ ref("stg_configuration__district_without") }} where feed = 'rent'
    ),

    -- Districts that stay together under every option of reorganisation.
    shared_parts as (
        select authority_code, place_key as shared_part_key
        from {{ ref("int_reorganisation__members") }}
        where place_kind = 'shared'
    ),

    rent_senders as (
        select * from {{ ref("stg_configuration__district_feeds") }} where feed = 'rent'
    )

select
    billing_authorities.authority_code as district_code,
    coalesce(
        configured_districts.district_name, billing_authorities.authority_name
    ) as district_name,
    coalesce(
        configured_districts.district_slug,
        lower(
            replace(
                replace(replace(billing_authorities.authority_name, '''', ''), ',', ''), ' ', '-'
            )
        )
    ) as district_slug,
    billing_authorities.mhclg_code,
    billing_authorities.authority_type,
    billing_authorities.county_code,
    billing_authorities.county_name,
    billing_authorities.region_code,
    billing_authorities.region_name,
    counties.county_code is not null as is_county_district,
    counties.county_code is not null
    or neighbours.authority_code is not null as is_county_or_neighbour,
    configured_districts.district_code is not null as is_warehouse_district,
    case
        when without_rent.district_code is not null
        then false
        when rent_senders.district_code is not null
        then true
    end as has_council_homes,
    without_rent.reason as without_council_homes_because,
    shared_parts.shared_part_key,
    billing_authorities.predecessor_code,
    billing_authorities.successor_code,
    billing_authorities.valid_from,
    billing_authorities.valid_to,
    {{ build_id() }} as build_id
from billing_authorities
left join counties on billing_authorities.county_code = counties.county_code
left join neighbours on billing_authorities.authority_code = neighbours.authority_code
left join
    configured_districts on billing_authorities.authority_code = configured_districts.district_code
left join without_rent on billing_authorities.authority_code = without_rent.district_code
left join rent_senders on billing_authorities.authority_code = rent_senders.district_code
left join shared_parts on billing_authorities.authority_code = shared_parts.authority_code
