-- The ledger counted each extract while it was parsed; the parquet is what the models read. A file
-- deleted, doubled, cut short or multiplied differs here, per extract and record.
with

    records as (select * from {{ ref("stg_extracts__records") }}),

    accounts as (select * from {{ ref("stg_council_tax__accounts") }}),

    balances as (select * from {{ ref("stg_council_tax__balances") }}),

    awards as (select * from {{ ref("stg_cts__awards") }}),

    landed as (
        select
            extract_id,
            'account' as record,
            count(*) as landed_rows,
            cast(0 as decimal(18, 2)) as landed_gbp
        from accounts
        group by extract_id
        union all
        select extract_id, 'balance', count(*), cast(sum(balance_gbp) as decimal(18, 2))
        from balances
        group by extract_id
        union all
        select extract_id, 'award', count(*), cast(sum(weekly_award_gbp) as decimal(18, 2))
        from awards
        group by extract_id
    ),

    ledger as (
        select extract_id, record, landed_rows, landed_gbp
        from records
        where record in ('account', 'balance', 'award')
    )

select
    coalesce(ledger.extract_id, landed.extract_id) as extract_id,
    coalesce(ledger.record, landed.record) as record,
    ledger.landed_rows as ledger_rows,
    landed.landed_rows,
    ledger.landed_gbp as ledger_gbp,
    landed.landed_gbp
from ledger
full outer join landed on ledger.extract_id = landed.extract_id and ledger.record = landed.record
where
    coalesce(ledger.landed_rows, 0) <> coalesce(landed.landed_rows, 0)
    or coalesce(ledger.landed_gbp, 0) <> coalesce(landed.landed_gbp, 0)
