with

    households as (select * from {{ ref("int_entitlement_households") }}),

    accounts as (select * from {{ ref("int_entitlement_source__council_tax") }}),

    support as (select * from {{ ref("int_cts__circumstances") }})

select
    households.unit_number as home_number,
    households.month as period_key,
    households.district_code,
    cast(null as varchar) as brma_code,
    false as is_in_london,
    households.tenure,
    households.annual_rent_gbp,
    -- Within the rent that each source tells.
    cast(0 as decimal(18, 2)) as annual_service_charge_gbp,
    cast(null as integer) as bedroom_count,
    accounts.council_tax_band,
    accounts.annual_gross_gbp as annual_gross_council_tax_gbp,
    -- What a claim for support rests on is of the day; an account's year may be part of one.
    cast(
        coalesce(
            case
                when support.weekly_council_tax_gbp > 0 then support.weekly_council_tax_gbp * 52
            end,
            accounts.annual_council_tax_gbp
        ) as decimal(18, 2)
    ) as annual_council_tax_gbp
from households
left join accounts on households.unit_number = accounts.unit_number
left join
    support
    on households.district_code = support.district_code
    and households.household_key = support.household_key
    and households.month = support.month
