-- Pages go by the lists of districts and months: one that is missing there takes its figures along.
with

    figures as (
        select district_code, month
        from {{ source("published", "district_cts_month") }}
        union
        select district_code, month
        from {{ source("published", "district_council_tax_month") }}
    ),

    districts as (select * from {{ source("published", "districts") }}),

    months as (select * from {{ source("published", "months") }})

select figures.*
from figures
left join districts on figures.district_code = districts.district_code
left join months on figures.month = months.month
where districts.district_code is null or months.month is null
