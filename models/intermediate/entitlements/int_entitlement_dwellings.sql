with

    units as (select * from {{ ref("int_entitlement_units") }}),

    running_claims as (select * from {{ ref("int_housing_benefit__running_claims") }}),

    household_accounts as (select * from {{ ref("int_household_accounts") }}),

    balances as (select * from {{ ref("int_council_tax__balances_in_force") }}),

    -- A unit with two accounts in a month has moved: the larger charge is of the longer stay.
    charges as (
        select
            household_accounts.district_code,
            household_accounts.household_key,
            balances.month,
            max(
                (balances.gross_charge_gbp - balances.discount_gbp) * household_accounts.share_ratio
            ) as annual_council_tax_gbp
        from balances
        inner join
            household_accounts
            on balances.district_code = household_accounts.district_code
            and balances.account_key = household_accounts.account_key
        where balances.is_current_year
        group by household_accounts.district_code, household_accounts.household_key, balances.month
    )

select
    units.home_number,
    units.period_key,
    units.district_code,
    cast(null as varchar) as brma_code,
    false as is_in_london,
    case
        when running_claims.tenancy in ('council', 'council_outside_hra', 'housing_association')
        then 'social_tenant'
        when running_claims.tenancy = 'not_a_tenancy'
        then 'owner'
        else 'private_tenant'
    end as tenure,
    -- The eligible rent is already bounded by the local housing allowance and the spare room.
    cast(running_claims.weekly_eligible_rent_gbp * 52 as decimal(18, 2)) as annual_rent_gbp,
    cast(null as integer) as bedroom_count,
    cast(null as varchar) as council_tax_band,
    cast(charges.annual_council_tax_gbp as decimal(18, 2)) as annual_council_tax_gbp
from units
inner join
    running_claims
    on units.district_code = running_claims.district_code
    and units.household_key = running_claims.household_key
    and units.period_key = running_claims.month
left join
    charges
    on units.district_code = charges.district_code
    and units.household_key = charges.household_key
    and units.period_key = charges.month
