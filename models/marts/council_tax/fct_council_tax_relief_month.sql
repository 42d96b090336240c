{{ config(tags=["month_local"]) }}

with

    accounts as (select * from {{ ref("int_council_tax__accounts_in_force") }}),

    balances as (select * from {{ ref("int_council_tax__balances_in_force") }}),

    chased_by_attachment as (
        select district_code, month, account_key
        from balances
        where recovery_stage = 'attachment'
        group by district_code, month, account_key
    ),

    open_accounts as (
        select
            accounts.district_code,
            accounts.month,
            accounts.discount_kind,
            coalesce(accounts.exemption_class, 'none') as exemption_class,
            accounts.payment_method,
            -- Some systems say that deductions are made but not from what.
            case
                when accounts.attachment_kind is not null
                then accounts.attachment_kind
                when
                    accounts.payment_method = 'attachment'
                    or chased_by_attachment.account_key is not null
                then 'not_said'
                else 'none'
            end as attachment
        from accounts
        left join
            chased_by_attachment
            on accounts.district_code = chased_by_attachment.district_code
            and accounts.month = chased_by_attachment.month
            and accounts.account_key = chased_by_attachment.account_key
        where not accounts.is_closed_account
    )

select
    district_code,
    month,
    discount_kind,
    exemption_class,
    payment_method,
    attachment,
    cast(count(*) as integer) as account_count,
    {{ build_id() }} as build_id
from open_accounts
group by district_code, month, discount_kind, exemption_class, payment_method, attachment
