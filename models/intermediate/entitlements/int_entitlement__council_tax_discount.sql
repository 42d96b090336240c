with

    dwellings as (select * from {{ ref("int_entitlement_dwellings") }}),

    people as (select * from {{ ref("int_entitlement_people") }}),

    rates as (select * from {{ ref("int_entitlement_rates_other") }}),

    residents as (
        select
            people.home_number,
            count(
                case when not people.is_disregarded_for_council_tax then 1 end
            ) as counted_resident_count
        from people
        inner join rates on people.period_key = rates.period_key
        where people.age_years >= rates.council_tax_resident_age
        group by people.home_number
    ),

    shares as (
        select
            dwellings.home_number,
            cast(dwellings.annual_gross_council_tax_gbp as double) as gross_council_tax_gbp,
            coalesce(residents.counted_resident_count, 0) as counted_resident_count,
            case
                when coalesce(residents.counted_resident_count, 0) = 0
                then rates.council_tax_discount_all_disregarded
                when residents.counted_resident_count = 1
                then rates.council_tax_discount_one_resident
                else 0
            end as discount_share
        from dwellings
        inner join rates on dwellings.period_key = rates.period_key
        left join residents on dwellings.home_number = residents.home_number
    )

select
    home_number,
    gross_council_tax_gbp,
    counted_resident_count,
    discount_share,
    gross_council_tax_gbp * discount_share as discount_gbp
from shares
