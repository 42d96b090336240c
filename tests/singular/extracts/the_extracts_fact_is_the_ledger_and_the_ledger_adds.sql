-- Each accepted extract once, with the ledger's own rows and pounds; and in the ledger the pounds
-- of the records landed and of the reasons for setting rows aside add to those of the extract.
with

    extracts as (
        select *
        from {{ ref("stg_extracts__extracts") }}
        where arrived_at <= cast('{{ var("known_at") }}' as timestamp)
    ),

    records as (select * from {{ ref("stg_extracts__records") }}),

    quarantine_reasons as (select * from {{ ref("stg_extracts__quarantine_reasons") }}),

    extracts_fact as (select * from {{ ref("fct_extracts") }}),

    landed as (select extract_id, sum(landed_gbp) as landed_gbp from records group by extract_id),

    set_aside as (
        select
            extract_id,
            sum(quarantined_rows) as quarantined_rows,
            sum(quarantined_gbp) as quarantined_gbp
        from quarantine_reasons
        group by extract_id
    )

select
    coalesce(extracts.extract_id, extracts_fact.extract_id) as extract_id,
    extracts.accepted_gbp,
    extracts_fact.accepted_gbp as fact_accepted_gbp,
    landed.landed_gbp,
    extracts.quarantined_gbp,
    extracts_fact.quarantined_gbp as fact_quarantined_gbp,
    set_aside.quarantined_gbp as reasons_gbp
from extracts
full outer join extracts_fact on extracts.extract_id = extracts_fact.extract_id
left join landed on extracts.extract_id = landed.extract_id
left join set_aside on extracts.extract_id = set_aside.extract_id
where
    extracts.physical_rows is distinct from extracts_fact.physical_rows
    or extracts.structural_rows is distinct from extracts_fact.structural_rows
    or extracts.accepted_rows is distinct from extracts_fact.accepted_rows
    or extracts.quarantined_rows is distinct from extracts_fact.quarantined_rows
    or extracts.other_month_rows is distinct from extracts_fact.other_month_rows
    or extracts.accepted_gbp is distinct from extracts_fact.accepted_gbp
    or extracts.quarantined_gbp is distinct from extracts_fact.quarantined_gbp
    or extracts.other_month_gbp is distinct from extracts_fact.other_month_gbp
    or extracts.accepted_gbp is distinct from coalesce(landed.landed_gbp, 0)
    or extracts.quarantined_rows is distinct from coalesce(set_aside.quarantined_rows, 0)
    or extracts.quarantined_gbp is distinct from coalesce(set_aside.quarantined_gbp, 0)
