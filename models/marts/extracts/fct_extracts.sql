with

    extracts as (select * from {{ ref("stg_extracts__extracts") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    extract_holds as (select * from {{ ref("stg_extracts__holds") }}),

    -- An extract is held once at a time.
    held_at_the_instant as (
        select extract_id
        from extract_holds
        where
            held_from <= cast('{{ var("known_at") }}' as timestamp)
            and (held_to is null or held_to > cast('{{ var("known_at") }}' as timestamp))
    )

select
    extracts.extract_id,
    extracts.district_code,
    extracts.feed,
    extracts.month,
    extracts.layout,
    extracts.produced_at,
    extract_in_force.extract_id is not null as is_in_force,
    held_at_the_instant.extract_id is not null as is_held,
    cast(
        {{ days_between(last_day_of("extracts.month"), "cast('" ~ var("today") ~ "' as date)") }}
        as integer
    ) as age_days,
    cast(extracts.physical_rows as bigint) as physical_rows,
    cast(extracts.structural_rows as bigint) as structural_rows,
    cast(extracts.accepted_rows as bigint) as accepted_rows,
    cast(extracts.quarantined_rows as bigint) as quarantined_rows,
    cast(extracts.other_month_rows as bigint) as other_month_rows,
    cast(extracts.accepted_gbp as decimal(18, 2)) as accepted_gbp,
    cast(extracts.quarantined_gbp as decimal(18, 2)) as quarantined_gbp,
    cast(extracts.other_month_gbp as decimal(18, 2)) as other_month_gbp,
    {{ build_id() }} as build_id
from extracts
left join extract_in_force on extracts.extract_id = extract_in_force.extract_id
left join held_at_the_instant on extracts.extract_id = held_at_the_instant.extract_id
-- What arrived later was not known at the instant, not even as superseded.
where extracts.arrived_at <= cast('{{ var("known_at") }}' as timestamp)
