-- From the accounts as landed, before any is joined or closed: those without an end by the month's
-- last day, and those among them with a discount, with an exemption and paid by deductions.
with

    accounts as (select * from {{ ref("stg_council_tax__accounts") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    reliefs as (select * from {{ ref("fct_council_tax_relief_month") }}),

    landed as (
        select
            accounts.district_code,
            accounts.month,
            count(*) as account_count,
            count(*) filter (accounts.discount_kind not in ('none', 'empty')) as discounted_count,
            count(accounts.exemption_class) as exempt_count,
            count(accounts.attachment_kind) as said_attachment_count
        from accounts
        inner join extract_in_force on accounts.extract_id = extract_in_force.extract_id
        where
            accounts.liability_end_date is null
            or accounts.liability_end_date > {{ last_day_of("accounts.month") }}
        group by accounts.district_code, accounts.month
    ),

    in_fact as (
        select
            district_code,
            month,
            sum(account_count) as account_count,
            coalesce(
                sum(account_count) filter (discount_kind not in ('none', 'empty')), 0
            ) as discounted_count,
            coalesce(sum(account_count) filter (exemption_class <> 'none'), 0) as exempt_count,
            coalesce(
                sum(account_count) filter (attachment in ('earnings', 'benefits')), 0
            ) as said_attachment_count
        from reliefs
        group by district_code, month
    )

select *
from landed
full outer join
    in_fact on landed.district_code = in_fact.district_code and landed.month = in_fact.month
where
    landed.account_count is distinct from in_fact.account_count
    or landed.discounted_count is distinct from in_fact.discounted_count
    or landed.exempt_count is distinct from in_fact.exempt_count
    or landed.said_attachment_count is distinct from in_fact.said_attachment_count
