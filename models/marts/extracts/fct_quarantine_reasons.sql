with

    quarantine_reasons as (select * from {{ ref("stg_extracts__quarantine_reasons") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }})

select
    quarantine_reasons.extract_id,
    extract_in_force.district_code,
    extract_in_force.feed,
    extract_in_force.month,
    quarantine_reasons.record,
    quarantine_reasons.reason,
    coalesce(quarantine_reasons.column_name, 'whole row') as column_name,
    cast(quarantine_reasons.quarantined_rows as bigint) as quarantined_rows,
    cast(quarantine_reasons.quarantined_gbp as decimal(18, 2)) as quarantined_gbp,
    {{ build_id() }} as build_id
from quarantine_reasons
inner join extract_in_force on quarantine_reasons.extract_id = extract_in_force.extract_id
