-- A district that has not sent a month has a row without figures, so that it shows as missing.
with

    districts as (select * from {{ ref("dim_district") }} where has_council_homes is not null),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    rent_months as (select * from {{ ref("fct_rent_month") }}),

    months as (
        select extract_in_force.month
        from extract_in_force
        inner join districts on extract_in_force.district_code = districts.district_code
        group by extract_in_force.month
    )

select districts.district_code, months.month
from districts
cross join months
left join
    rent_months
    on districts.district_code = rent_months.district_code
    and months.month = rent_months.month
where
    rent_months.month is null
    or rent_months.has_council_homes is distinct from districts.has_council_homes
