-- Against the seed itself: nobody is left out, nobody is in two councils of an option.
with

    kent_lgr_options as (select * from {{ ref("kent_lgr_options") }}),

    districts as (select * from {{ ref("dim_district") }} where is_warehouse_district),

    members as (select * from {{ ref("bridge_new_council_member") }}),

    places as (select * from {{ ref("dim_new_council") }}),

    options_here as (
        select kent_lgr_options.option_code
        from kent_lgr_options
        inner join districts on kent_lgr_options.authority_code = districts.district_code
        group by kent_lgr_options.option_code
    ),

    seeded as (
        select
            kent_lgr_options.option_code,
            kent_lgr_options.authority_code,
            kent_lgr_options.new_council_name
        from kent_lgr_options
        inner join options_here on kent_lgr_options.option_code = options_here.option_code
    ),

    built as (
        select
            places.option_code,
            members.authority_code,
            places.place_name as new_council_name,
            places.member_count,
            count(*) over (partition by places.place_key) as counted_members,
            members.place_kind
        from places
        inner join members on places.place_key = members.place_key
    )

select seeded.option_code, seeded.authority_code, built.new_council_name
from seeded
full outer join
    built
    on seeded.option_code = built.option_code
    and seeded.authority_code = built.authority_code
    and seeded.new_council_name = built.new_council_name
where
    seeded.authority_code is null
    and built.place_kind = 'council'
    or built.authority_code is null
    or built.member_count <> built.counted_members
union all
-- Every district that sends is in one group of those that stay together, or in no option at all.
select 'shared' as option_code, districts.district_code, districts.shared_part_key
from districts
left join built on districts.district_code = built.authority_code and built.place_kind = 'shared'
left join seeded on districts.district_code = seeded.authority_code
where
    (built.authority_code is null) <> (seeded.authority_code is null)
    or built.new_council_name is distinct from districts.shared_part_key
