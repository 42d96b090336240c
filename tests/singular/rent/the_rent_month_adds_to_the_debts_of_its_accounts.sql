-- Counts and parts of the month's row from the debts themselves; with the households' own part, so
-- that a debt which is linked to nobody is still in the sum.
with

    debts as (select * from {{ ref("int_rent__debts") }}),

    rent_months as (select * from {{ ref("fct_rent_month") }}),

    bridge as (select * from {{ ref("bridge_rent_account_household") }}),

    linked as (
        select
            debts.district_code,
            debts.month,
            count(distinct bridge.household_key) as household_count,
            max(debts.owed_gbp) as largest_account_gbp,
            sum(cast(debts.owed_gbp * bridge.share_ratio as decimal(18, 4))) as linked_gbp
        from debts
        inner join
            bridge
            on debts.district_code = bridge.district_code
            and debts.rent_account_key = bridge.rent_account_key
        where debts.owed_gbp > 0
        group by debts.district_code, debts.month
    ),

    linked_accounts as (
        select district_code, rent_account_key from bridge group by district_code, rent_account_key
    ),

    added as (
        select
            debts.district_code,
            debts.month,
            sum(debts.owed_gbp) as arrears_gbp,
            sum(debts.credit_gbp) as credit_gbp,
            sum(
                case when linked_accounts.rent_account_key is null then debts.owed_gbp else 0 end
            ) as unlinked_gbp,
            sum(case when debts.owed_gbp > 0 then 1 else 0 end) as arrears_count,
            sum(
                case when debts.recovery_stage in ('none', 'reminder', 'contact') then 0 else 1 end
            ) as recovery_count
        from debts
        left join
            linked_accounts
            on debts.district_code = linked_accounts.district_code
            and debts.rent_account_key = linked_accounts.rent_account_key
        group by debts.district_code, debts.month
    )

select rent_months.district_code, rent_months.month
from rent_months
full outer join
    added on rent_months.district_code = added.district_code and rent_months.month = added.month
left join
    linked on rent_months.district_code = linked.district_code and rent_months.month = linked.month
where
    rent_months.arrears_gbp is distinct from added.arrears_gbp
    or rent_months.credit_gbp is distinct from added.credit_gbp
    or rent_months.unlinked_arrears_gbp is distinct from added.unlinked_gbp
    or rent_months.arrears_account_count is distinct from added.arrears_count
    or rent_months.recovery_account_count is distinct from added.recovery_count
    or rent_months.arrears_household_count > coalesce(linked.household_count, 0)
    or rent_months.arrears_household_count < coalesce(linked.household_count, 0)
    or rent_months.largest_arrears_gbp > rent_months.arrears_gbp
