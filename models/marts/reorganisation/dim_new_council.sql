with

    members as (select * from {{ ref("int_reorganisation__members") }}),

    kent_lgr_options as (select * from {{ ref("kent_lgr_options") }}),

    billing_authorities as (select * from {{ ref("billing_authorities") }}),

    promoters as (
        select option_code, max(promoter) as promoter, min(has_boundary_data) as is_whole_districts
        from kent_lgr_options
        group by option_code
    ),

    places as (
        select
            members.place_key,
            members.place_kind,
            members.option_code,
            members.option_number,
            members.place_name,
            members.first_council_key,
            members.second_council_key,
            members.third_council_key,
            count(*) as member_count,
            count(case when members.sends_extracts then 1 end) as sender_count,
            max(
                case when not members.sends_extracts then billing_authorities.authority_name end
            ) as a_name_without_extracts
        from members
        left join billing_authorities on members.authority_code = billing_authorities.authority_code
        group by
            members.place_key,
            members.place_kind,
            members.option_code,
            members.option_number,
            members.place_name,
            members.first_council_key,
            members.second_council_key,
            members.third_council_key
    ),

    -- Options that cut across districts belong to the county whose other options are here.
    options_without_boundaries as (
        select promoters.option_code, promoters.promoter
        from promoters
        where not promoters.is_whole_districts and exists (select 1 from members)
    )

select
    places.place_key,
    places.place_kind,
    places.option_code,
    places.option_number,
    promoters.promoter,
    places.place_name,
    true as has_boundary_data,
    cast(places.member_count as integer) as member_count,
    cast(places.sender_count as integer) as sender_count,
    case
        when places.member_count = places.sender_count
        then null
        when places.member_count = places.sender_count + 1
        then 'excluding ' || places.a_name_without_extracts
        else
            'excluding '
            || cast(places.member_count - places.sender_count as varchar)
            || ' authorities that send no extracts'
    end as excluding_text,
    places.first_council_key,
    places.second_council_key,
    places.third_council_key,
    {{ build_id() }} as build_id
from places
left join promoters on places.option_code = promoters.option_code
union all
select
    option_code as place_key,
    'option' as place_kind,
    option_code,
    cast(null as integer) as option_number,
    promoter,
    'no boundary data' as place_name,
    false as has_boundary_data,
    cast(null as integer) as member_count,
    cast(null as integer) as sender_count,
    cast(null as varchar) as excluding_text,
    cast(null as varchar) as first_council_key,
    cast(null as varchar) as second_council_key,
    cast(null as varchar) as third_council_key,
    {{ build_id() }} as build_id
from options_without_boundaries
