with

    places as (select * from {{ ref("dim_new_council") }} where place_kind <> 'shared'),

    members as (select * from {{ ref("bridge_new_council_member") }} where place_kind <> 'shared'),

    published_places as (select * from {{ source("published", "new_council") }}),

    published_members as (select * from {{ source("published", "new_council_member") }})

select places.place_key, published_places.place_key as published_place_key
from places
full outer join published_places on places.place_key = published_places.place_key
where
    places.place_key is null
    or published_places.place_key is null
    or places.excluding_text is distinct from published_places.excluding_text
    or places.has_boundary_data is distinct from published_places.has_boundary_data
union all
select members.authority_code, published_members.authority_code as published_place_key
from members
full outer join
    published_members
    on members.place_key = published_members.place_key
    and members.authority_code = published_members.authority_code
where members.place_key is null or published_members.place_key is null
