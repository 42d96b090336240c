{{ config(tags=["every_month"]) }}

-- Of accounts held in two months running. Postings that were set aside cannot be put to an account,
-- since their reference is not kept: no more accounts may fail to add up than postings were set
-- aside.
with

    accounts as (select * from {{ ref("int_rent__accounts_in_force") }}),

    transaction_months as (select * from {{ ref("fct_rent_transactions_month") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    quarantine_reasons as (select * from {{ ref("stg_extracts__quarantine_reasons") }}),

    posted as (
        select district_code, month, rent_account_key, sum(transaction_gbp) as posted_gbp
        from transaction_months
        group by district_code, month, rent_account_key
    ),

    moved as (
        select
            accounts.district_code,
            accounts.month,
            accounts.rent_account_key,
            accounts.balance_gbp
            - before.balance_gbp
            - coalesce(posted.posted_gbp, 0) as unexplained_gbp
        from accounts
        inner join
            accounts as before
            on accounts.district_code = before.district_code
            and accounts.rent_account_key = before.rent_account_key
            and before.month = cast(accounts.month - interval '1 month' as date)
        left join
            posted
            on accounts.district_code = posted.district_code
            and accounts.rent_account_key = posted.rent_account_key
            and accounts.month = posted.month
    ),

    not_explained as (
        select district_code, month, count(*) as account_count
        from moved
        where unexplained_gbp <> 0
        group by district_code, month
    ),

    set_aside as (
        select
            extract_in_force.district_code,
            extract_in_force.month,
            sum(quarantine_reasons.quarantined_rows) as transaction_count
        from quarantine_reasons
        inner join extract_in_force on quarantine_reasons.extract_id = extract_in_force.extract_id
        where extract_in_force.feed = 'rent' and quarantine_reasons.record = 'transaction'
        group by extract_in_force.district_code, extract_in_force.month
    )

select
    not_explained.district_code,
    not_explained.month,
    not_explained.account_count,
    coalesce(set_aside.transaction_count, 0) as set_aside_count
from not_explained
left join
    set_aside
    on not_explained.district_code = set_aside.district_code
    and not_explained.month = set_aside.month
where not_explained.account_count > coalesce(set_aside.transaction_count, 0)
