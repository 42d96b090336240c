with

    extracts as (select * from {{ ref("stg_extracts__extracts") }}),

    -- The second clock: an extract counts from when it was loaded until another replaced it. Asking
    -- for an earlier instant gives the figures as they were reported then.
    known_at_the_instant as (
        select *
        from extracts
        where
            known_from <= cast('{{ var("known_at") }}' as timestamp)
            and (known_to is null or known_to > cast('{{ var("known_at") }}' as timestamp))
    )

select extract_id, district_code, feed, month, mode, known_from, known_to
from known_at_the_instant
