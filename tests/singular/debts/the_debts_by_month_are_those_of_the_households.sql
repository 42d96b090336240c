-- Households counted from the household rows, totals from the arrears fact, both by district, month
-- and debt type; a month without a row there has noughts or is not held.
with

    household_debts as (
        select
            district_code,
            month,
            debt_type,
            count(household_key) as household_count,
            count(*) - count(household_key) as unlinked_account_count,
            {% for ability in ["cannot_pay", "will_not_pay", "cannot_tell"] %}
                count(case when ability_to_pay = '{{ ability }}' then 1 end) as {{ ability }}_count,
                coalesce(
                    sum(case when ability_to_pay = '{{ ability }}' then owed_gbp end), 0
                ) as {{ ability }}_gbp,
                coalesce(
                    max(case when ability_to_pay = '{{ ability }}' then owed_gbp end), 0
                ) as largest_{{ ability }}_gbp,
            {% endfor %}
            coalesce(sum(case when household_key is null then owed_gbp end), 0) as unlinked_gbp,
            coalesce(
                max(case when household_key is null then owed_gbp end), 0
            ) as largest_unlinked_gbp
        from {{ ref("fct_household_debts") }}
        group by district_code, month, debt_type
    ),

    arrears as (
        select
            district_code,
            month,
            debt_type,
            count(*) as debt_count,
            count(distinct account_key) as owing_account_count,
            sum(overdue_gbp) as owed_gbp
        from {{ ref("fct_arrears") }}
        where overdue_gbp > 0
        group by district_code, month, debt_type
    ),

    accounts as (
        select district_code, month, debt_type, count(distinct account_key) as account_count
        from {{ ref("fct_arrears") }}
        group by district_code, month, debt_type
    ),

    debt_months as (select * from {{ ref("fct_household_debt_month") }} where is_held)

select debt_months.*, accounts.district_code as accounts_district_code
from debt_months
full outer join
    accounts
    on debt_months.district_code = accounts.district_code
    and debt_months.month = accounts.month
    and debt_months.debt_type = accounts.debt_type
left join
    arrears
    on debt_months.district_code = arrears.district_code
    and debt_months.month = arrears.month
    and debt_months.debt_type = arrears.debt_type
left join
    household_debts
    on debt_months.district_code = household_debts.district_code
    and debt_months.month = household_debts.month
    and debt_months.debt_type = household_debts.debt_type
where
    debt_months.district_code is null
    or accounts.district_code is null
    or debt_months.account_count is distinct from accounts.account_count
    {% for figure in ["debt_count", "owing_account_count", "owed_gbp"] %}
        or debt_months.{{ figure }} is distinct from coalesce(arrears.{{ figure }}, 0)
    {% endfor %}
    {% for figure in [
        "household_count",
        "unlinked_account_count",
        "cannot_pay_count",
        "cannot_pay_gbp",
        "largest_cannot_pay_gbp",
        "will_not_pay_count",
        "will_not_pay_gbp",
        "largest_will_not_pay_gbp",
        "cannot_tell_count",
        "cannot_tell_gbp",
        "largest_cannot_tell_gbp",
        "unlinked_gbp",
        "largest_unlinked_gbp",
    ] %}
        or debt_months.{{ figure }} is distinct from coalesce(household_debts.{{ figure }}, 0)
    {% endfor %}
    or debt_months.largest_owed_gbp
    < greatest(debt_months.largest_cannot_pay_gbp, debt_months.largest_will_not_pay_gbp)
    or debt_months.largest_owed_gbp > debt_months.owed_gbp + 0.01
