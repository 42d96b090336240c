with

    parameters as (select * from {{ ref("living_standards_parameters") }}),

    essentials as (select * from {{ ref("essentials") }}),

    utility_bills as (select * from {{ ref("utility_bills") }}),

    equivalence_scale as (select * from {{ ref("equivalence_scale") }}),

    every_yardstick as (
        select
            parameter_code as yardstick_code,
            valid_from,
            valid_to,
            cast(value as decimal(18, 4)) as yardstick_value,
            unit,
            is_assumed,
            source
        from parameters
        union all
        select
            yardstick || '_single' as yardstick_code,
            valid_from,
            valid_to,
            cast(weekly_single_gbp as decimal(18, 4)) as yardstick_value,
            'GBP a week' as unit,
            is_assumed,
            source
        from essentials
        union all
        select
            yardstick || '_couple' as yardstick_code,
            valid_from,
            valid_to,
            cast(weekly_couple_gbp as decimal(18, 4)) as yardstick_value,
            'GBP a week' as unit,
            is_assumed,
            source
        from essentials
        union all
        select
            bill || '_bill' as yardstick_code,
            valid_from,
            valid_to,
            cast(annual_gbp as decimal(18, 4)) as yardstick_value,
            'GBP a year' as unit,
            is_assumed,
            source
        from utility_bills
        union all
        select
            person_kind as yardstick_code,
            cast(null as date) as valid_from,
            cast(null as date) as valid_to,
            cast(scale_weight as decimal(18, 4)) as yardstick_value,
            'of a first adult' as unit,
            false as is_assumed,
            source
        from equivalence_scale
    )

select
    yardstick_code || coalesce(' ' || cast(valid_from as varchar), '') as yardstick_key,
    yardstick_code,
    valid_from,
    valid_to,
    yardstick_value,
    unit,
    -- A source that was not seen is no source at hand, whatever its seed says of the figure.
    is_assumed or source like 'unconfirmed%' as is_assumed,
    case
        when is_assumed
        then 'assumed'
        when source like 'unconfirmed%'
        then 'source_not_seen'
        else 'from_source'
    end as standing,
    source,
    {{ build_id() }} as build_id
from every_yardstick
