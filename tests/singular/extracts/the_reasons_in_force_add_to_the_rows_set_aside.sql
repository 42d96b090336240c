-- A reason lost or doubled would make a district look better or worse than its files.
with

    extracts as (select * from {{ ref("fct_extracts") }}),

    reasons as (
        select
            extract_id,
            sum(quarantined_rows) as quarantined_rows,
            sum(quarantined_gbp) as quarantined_gbp
        from {{ ref("fct_quarantine_reasons") }}
        group by extract_id
    )

select
    extracts.extract_id,
    extracts.quarantined_rows,
    reasons.quarantined_rows as rows_by_reason,
    extracts.quarantined_gbp,
    reasons.quarantined_gbp as gbp_by_reason
from extracts
left join reasons on extracts.extract_id = reasons.extract_id
where
    extracts.is_in_force
    and (
        extracts.quarantined_rows <> coalesce(reasons.quarantined_rows, 0)
        or extracts.quarantined_gbp <> coalesce(reasons.quarantined_gbp, 0)
    )
