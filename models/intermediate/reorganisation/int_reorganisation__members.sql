-- Which district is in which new council of which option; and the districts that stay together
-- under every option, since figures of these are what the councils' figures differ by.
with

    kent_lgr_options as (select * from {{ ref("kent_lgr_options") }}),

    districts as (select * from {{ ref("stg_configuration__districts") }}),

    -- Only options that hold a district of this county: another county has none of them.
    memberships as (
        select
            options.option_code,
            options.option_code || ' ' || options.new_council_name as place_key,
            options.new_council_name as place_name,
            options.authority_code,
            districts.district_code is not null as sends_extracts
        from kent_lgr_options as options
        left join districts on options.authority_code = districts.district_code
        where options.has_boundary_data
    ),

    options_numbered as (
        select option_code, row_number() over (order by option_code) as option_number
        from memberships
        group by option_code
        having max(case when sends_extracts then 1 else 0 end) = 1
    ),

    district_councils as (
        select
            memberships.authority_code,
            max(
                case when options_numbered.option_number = 1 then memberships.place_key end
            ) as first_council_key,
            max(
                case when options_numbered.option_number = 2 then memberships.place_key end
            ) as second_council_key,
            max(
                case when options_numbered.option_number = 3 then memberships.place_key end
            ) as third_council_key
        from memberships
        inner join options_numbered on memberships.option_code = options_numbered.option_code
        where memberships.sends_extracts
        group by memberships.authority_code
    )

select
    memberships.place_key,
    'council' as place_kind,
    memberships.option_code,
    cast(options_numbered.option_number as integer) as option_number,
    memberships.place_name,
    memberships.authority_code,
    memberships.sends_extracts,
    cast(null as varchar) as first_council_key,
    cast(null as varchar) as second_council_key,
    cast(null as varchar) as third_council_key
from memberships
inner join options_numbered on memberships.option_code = options_numbered.option_code
union all
select
    concat_ws(', ', first_council_key, second_council_key, third_council_key) as place_key,
    'shared' as place_kind,
    'shared' as option_code,
    cast(null as integer) as option_number,
    concat_ws(', ', first_council_key, second_council_key, third_council_key) as place_name,
    authority_code,
    true as sends_extracts,
    first_council_key,
    second_council_key,
    third_council_key
from district_councils
