-- Districts and county together; the county stands without a district.
with

    overdue_months as (select * from {{ ref("fct_overdue_month") }}),

    collection as (
        select
            district_code,
            month,
            sum(net_collectable_debit_gbp) as net_collectable_debit_gbp,
            sum(in_year_receipts_to_date_gbp) as in_year_receipts_gbp,
            sum(prior_year_receipts_in_month_gbp) as prior_year_receipts_gbp,
            sum(write_off_in_month_gbp) as write_off_gbp
        from {{ ref("fct_collection") }}
        group by district_code, month
    ),

    district_marts as (
        select
            overdue_months.district_code,
            overdue_months.month,
            overdue_months.account_count,
            overdue_months.overdue_account_count,
            overdue_months.overdue_household_count,
            overdue_months.unlinked_overdue_account_count,
            overdue_months.overdue_gbp,
            overdue_months.unlinked_overdue_gbp,
            overdue_months.qrc4_account_count,
            overdue_months.qrc4_arrears_gbp,
            collection.net_collectable_debit_gbp,
            collection.in_year_receipts_gbp,
            collection.prior_year_receipts_gbp,
            collection.write_off_gbp
        from overdue_months
        left join
            collection
            on overdue_months.district_code = collection.district_code
            and overdue_months.month = collection.month
    ),

    marts as (
        select *
        from district_marts
        union all
        select
            'county' as district_code,
            month,
            sum(account_count) as account_count,
            sum(overdue_account_count) as overdue_account_count,
            sum(overdue_household_count) as overdue_household_count,
            sum(unlinked_overdue_account_count) as unlinked_overdue_account_count,
            sum(overdue_gbp) as overdue_gbp,
            sum(unlinked_overdue_gbp) as unlinked_overdue_gbp,
            sum(qrc4_account_count) as qrc4_account_count,
            sum(qrc4_arrears_gbp) as qrc4_arrears_gbp,
            sum(net_collectable_debit_gbp) as net_collectable_debit_gbp,
            sum(in_year_receipts_gbp) as in_year_receipts_gbp,
            sum(prior_year_receipts_gbp) as prior_year_receipts_gbp,
            sum(write_off_gbp) as write_off_gbp
        from district_marts
        group by month
    ),

    published as (
        select
            district_code,
            month,
            account_count,
            overdue_account_count,
            overdue_household_count,
            unlinked_overdue_account_count,
            overdue_gbp,
            unlinked_overdue_gbp,
            qrc4_account_count,
            qrc4_arrears_gbp,
            net_collectable_debit_gbp,
            in_year_receipts_gbp,
            prior_year_receipts_gbp,
            write_off_gbp
        from {{ source("published", "district_council_tax_month") }}
        union all
        select
            'county' as district_code,
            month,
            account_count,
            overdue_account_count,
            overdue_household_count,
            unlinked_overdue_account_count,
            overdue_gbp,
            unlinked_overdue_gbp,
            qrc4_account_count,
            qrc4_arrears_gbp,
            net_collectable_debit_gbp,
            in_year_receipts_gbp,
            prior_year_receipts_gbp,
            write_off_gbp
        from {{ source("published", "county_council_tax_month") }}
    )

select marts.*, published.district_code as published_district_code
from marts
full outer join
    published on marts.district_code = published.district_code and marts.month = published.month
where
    marts.district_code is null
    or published.district_code is null
    or {{ is_not_rounded_from("published.account_count", "marts.account_count", 2) }}
    or
    {{ is_not_rounded_from("published.overdue_account_count", "marts.overdue_account_count", 2) }}
    or {{
        is_not_rounded_from(
            "published.overdue_household_count", "marts.overdue_household_count", 2
        )
    }}
    or {{
        is_not_rounded_from(
            "published.unlinked_overdue_account_count",
            "marts.unlinked_overdue_account_count",
            2,
        )
    }}
    or {{ is_not_rounded_from("published.qrc4_account_count", "marts.qrc4_account_count", 2) }}
    or {{ is_not_rounded_from("published.qrc4_arrears_gbp", "marts.qrc4_arrears_gbp", 500) }}
    or {{ is_not_rounded_from("published.overdue_gbp", "marts.overdue_gbp", 500) }}
    or
    {{ is_not_rounded_from("published.unlinked_overdue_gbp", "marts.unlinked_overdue_gbp", 500) }}
    or {{
        is_not_rounded_from(
            "published.net_collectable_debit_gbp", "marts.net_collectable_debit_gbp", 500
        )
    }}
    or
    {{ is_not_rounded_from("published.in_year_receipts_gbp", "marts.in_year_receipts_gbp", 500) }}
    or {{
        is_not_rounded_from(
            "published.prior_year_receipts_gbp", "marts.prior_year_receipts_gbp", 500
        )
    }}
    or {{ is_not_rounded_from("published.write_off_gbp", "marts.write_off_gbp", 500) }}
