-- From the bridges and the arrears themselves, where both debts of the district and month are held.
with

    arrears as (select * from {{ ref("fct_arrears") }} where overdue_gbp > 0),

    owe_council_tax as (
        select
            bridge.district_code,
            arrears.month,
            bridge.household_key,
            sum(arrears.overdue_gbp * bridge.share_ratio) as owed_gbp
        from arrears
        inner join
            {{ ref("bridge_account_household") }} as bridge
            on arrears.district_code = bridge.district_code
            and arrears.account_key = bridge.account_key
        where arrears.debt_type = 'council_tax'
        group by bridge.district_code, arrears.month, bridge.household_key
    ),

    owe_rent as (
        select
            bridge.district_code,
            arrears.month,
            bridge.household_key,
            sum(arrears.overdue_gbp * bridge.share_ratio) as owed_gbp
        from arrears
        inner join
            {{ ref("bridge_rent_account_household") }} as bridge
            on arrears.district_code = bridge.district_code
            and arrears.account_key = bridge.rent_account_key
        where arrears.debt_type = 'rent'
        group by bridge.district_code, arrears.month, bridge.household_key
    ),

    owe_both as (
        select
            owe_council_tax.district_code,
            owe_council_tax.month,
            count(*) as both_count,
            sum(owe_council_tax.owed_gbp) as both_council_tax_gbp,
            max(owe_council_tax.owed_gbp) as largest_both_council_tax_gbp,
            sum(owe_rent.owed_gbp) as both_rent_gbp,
            max(owe_rent.owed_gbp) as largest_both_rent_gbp
        from owe_council_tax
        inner join
            owe_rent
            on owe_council_tax.household_key = owe_rent.household_key
            and owe_council_tax.month = owe_rent.month
        group by owe_council_tax.district_code, owe_council_tax.month
    ),

    overlap_months as (select * from {{ ref("fct_debt_overlap_month") }}),

    debt_months as (select * from {{ ref("fct_household_debt_month") }} where is_held),

    -- Each district and month that sent either debt, and each of a landlord.
    district_months as (
        select district_code, month
        from {{ ref("fct_household_debt_month") }}
        where is_held or (debt_type = 'rent' and is_applicable)
        group by district_code, month
    )

select overlap_months.*, district_months.month as district_month
from overlap_months
full outer join
    district_months
    on overlap_months.district_code = district_months.district_code
    and overlap_months.month = district_months.month
left join
    owe_both
    on overlap_months.district_code = owe_both.district_code
    and overlap_months.month = owe_both.month
left join
    debt_months as council_tax
    on overlap_months.district_code = council_tax.district_code
    and overlap_months.month = council_tax.month
    and council_tax.debt_type = 'council_tax'
left join
    debt_months as rent
    on overlap_months.district_code = rent.district_code
    and overlap_months.month = rent.month
    and rent.debt_type = 'rent'
where
    overlap_months.district_code is null
    or district_months.district_code is null
    or overlap_months.council_tax_household_count is distinct from council_tax.household_count
    or overlap_months.rent_household_count is distinct from rent.household_count
    or (
        council_tax.district_code is not null
        and rent.district_code is not null
        and (
            overlap_months.both_count is distinct from coalesce(owe_both.both_count, 0)
            {% for pounds in [
                "both_council_tax_gbp",
                "largest_both_council_tax_gbp",
                "both_rent_gbp",
                "largest_both_rent_gbp",
            ] %}
                or abs(overlap_months.{{ pounds }} - coalesce(owe_both.{{ pounds }}, 0))
                > 0.01 * (1 + overlap_months.both_count)
            {% endfor %}
        )
    )
