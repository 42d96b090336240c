{{ config(tags=["every_month"]) }}

-- The ledger counted each extract while it was parsed; the parquet is what the models read. A file
-- deleted, doubled, cut short or multiplied differs here, per extract and record.
with

    records as (select * from {{ ref("stg_extracts__records") }}),

    accounts as (select * from {{ ref("stg_council_tax__accounts") }}),

    balances as (select * from {{ ref("stg_council_tax__balances") }}),

    awards as (select * from {{ ref("stg_cts__awards") }}),

    discretionary_awards as (select * from {{ ref("stg_discretionary_awards__awards") }}),

    rent_accounts as (select * from {{ ref("stg_rent__accounts") }}),

    rent_transactions as (select * from {{ ref("stg_rent__transactions") }}),

    rent_actions as (select * from {{ ref("stg_rent__actions") }}),

    rent_agreements as (select * from {{ ref("stg_rent__agreements") }}),
    housing_benefit_claims as (select * from {{ ref("stg_housing_benefit__claims") }}),

    housing_benefit_members as (select * from {{ ref("stg_housing_benefit__members") }}),

    housing_benefit_incomes as (select * from {{ ref("stg_housing_benefit__incomes") }}),

    uc_awards as (select * from {{ ref("stg_universal_credit__awards") }}),

    uc_deductions as (select * from {{ ref("stg_universal_credit__deductions") }}),

    pupils as (select * from {{ ref("stg_free_school_meals__pupils") }}),

    band_d as (select * from {{ ref("stg_council_tax_levels__band_d") }}),

    cts_forgone as (select * from {{ ref("stg_council_taxbase__cts_forgone") }}),

    dwellings as (select * from {{ ref("stg_council_taxbase__dwellings") }}),

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
        union all
        select extract_id, 'award', count(*), cast(sum(award_gbp) as decimal(18, 2))
        from discretionary_awards
        group by extract_id
        union all
        select extract_id, 'account', count(*), cast(sum(balance_gbp) as decimal(18, 2))
        from rent_accounts
        group by extract_id
        union all
        select extract_id, 'transaction', count(*), cast(0 as decimal(18, 2))
        from rent_transactions
        group by extract_id
        union all
        select extract_id, 'action', count(*), cast(0 as decimal(18, 2))
        from rent_actions
        group by extract_id
        union all
        select extract_id, 'agreement', count(*), cast(0 as decimal(18, 2))
        from rent_agreements
        group by extract_id
        union all
        select extract_id, 'claim', count(*), cast(sum(weekly_hb_gbp) as decimal(18, 2))
        from housing_benefit_claims
        group by extract_id
        union all
        select extract_id, 'member', count(*), cast(0 as decimal(18, 2))
        from housing_benefit_members
        group by extract_id
        union all
        select extract_id, 'income', count(*), cast(0 as decimal(18, 2))
        from housing_benefit_incomes
        group by extract_id
        union all
        select extract_id, 'award', count(*), cast(sum(net_award_gbp) as decimal(18, 2))
        from uc_awards
        group by extract_id
        union all
        select extract_id, 'deduction', count(*), cast(0 as decimal(18, 2))
        from uc_deductions
        group by extract_id
        union all
        select extract_id, 'pupil', count(*), cast(0 as decimal(18, 2))
        from pupils
        group by extract_id
        union all
        -- The workbooks' control pounds leave out England's line, which is the sum of the others.
        select
            extract_id,
            'band_d',
            count(*),
            cast(round(sum(case when not is_england then area_band_d_gbp end), 2) as decimal(18, 2))
        from band_d
        group by extract_id
        union all
        select
            extract_id,
            'cts_forgone',
            count(*),
            cast(round(sum(case when not is_england then cts_forgone_gbp end), 2) as decimal(18, 2))
        from cts_forgone
        group by extract_id
        union all
        select extract_id, 'dwellings', count(*), cast(0 as decimal(18, 2))
        from dwellings
        group by extract_id
    ),

    ledger as (select extract_id, record, landed_rows, landed_gbp from records)

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
