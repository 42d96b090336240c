with

    collection as (select * from {{ ref("fct_collection") }}),

    -- The years that the warehouse could be held against; no workbook of QRC4 has a layout yet.
    district_years as (
        select district_code, liability_year
        from collection
        where is_current_year
        group by district_code, liability_year
    )

select
    district_code as authority_code,
    liability_year as financial_year,
    cast(null as decimal(18, 2)) as net_collectable_debit_gbp,
    cast(null as decimal(18, 2)) as in_year_receipts_gbp,
    cast(null as decimal(18, 2)) as arrears_gbp,
    'x' as mark,
    {{ build_id() }} as build_id
from district_years
