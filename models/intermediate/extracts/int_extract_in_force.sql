with

    extracts as (select * from {{ ref("stg_extracts__extracts") }}),

    extract_periods as (select * from {{ ref("stg_extracts__periods") }}),

    -- The second clock: an extract counts from when it was known until another replaced it, and not
    -- while it is held. Asking for an earlier instant gives the figures as they were reported then.
    counting_at_the_instant as (
        select extract_id, known_from, known_to
        from extract_periods
        where
            known_from <= cast('{{ var("known_at") }}' as timestamp)
            and (known_to is null or known_to > cast('{{ var("known_at") }}' as timestamp))
    )

select
    extracts.extract_id,
    extracts.district_code,
    extracts.feed,
    extracts.month,
    extracts.mode,
    counting_at_the_instant.known_from,
    counting_at_the_instant.known_to
from extracts
inner join counting_at_the_instant on extracts.extract_id = counting_at_the_instant.extract_id
