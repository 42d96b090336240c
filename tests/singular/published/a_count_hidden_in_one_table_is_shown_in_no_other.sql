-- The same households are counted in several tables, and each is protected by itself: a build in
-- which one shows what another hides goes no further.
{% set classes = [
    "household_count",
    "known_count",
    "in_crisis_count",
    "at_risk_count",
    "struggling_count",
    "coping_count",
] %}
with

    county_months as (select * from {{ source("published", "county_living_standards_month") }}),

    county_indices as (
        select *
        from {{ source("published", "county_living_standards_index_month") }}
        where scenario = 'base'
    ),

    county_flags as (select * from {{ source("published", "county_living_standards_flag_month") }}),

    district_months as (select * from {{ source("published", "district_living_standards_month") }}),

    district_indices as (
        select *
        from {{ source("published", "district_living_standards_index_month") }}
        where scenario = 'base'
    ),

    district_flags as (
        select * from {{ source("published", "district_living_standards_flag_month") }}
    ),

    supported as (select * from {{ source("published", "district_cts_month") }}),

    forecasts as (select * from {{ source("published", "district_cts_forecast_month") }}),

    county_debts as (select * from {{ source("published", "county_household_debt_month") }}),

    county_both as (select * from {{ source("published", "county_debt_overlap_month") }}),

    county_taxes as (select * from {{ source("published", "county_council_tax_month") }}),

    county_rents as (select * from {{ source("published", "county_rent_month") }}),

    district_debts as (select * from {{ source("published", "district_household_debt_month") }}),

    district_both as (select * from {{ source("published", "district_debt_overlap_month") }}),

    district_taxes as (select * from {{ source("published", "district_council_tax_month") }}),

    district_rents as (select * from {{ source("published", "district_rent_month") }})

select 'county index' as compared, county_months.month
from county_months
inner join county_indices on county_months.month = county_indices.month
where
    false
    {% for count in classes %}
        or county_months.{{ count }} is distinct from county_indices.{{ count }}
    {% endfor %}
union all
select 'district index' as compared, district_months.month
from district_months
inner join
    district_indices
    on district_months.district_code = district_indices.district_code
    and district_months.month = district_indices.month
where
    false
    {% for count in classes %}
        or district_months.{{ count }} is distinct from district_indices.{{ count }}
    {% endfor %}
union all
select 'county flags' as compared, county_months.month
from county_months
inner join county_flags on county_months.month = county_flags.month
where county_months.household_count is distinct from county_flags.household_count
union all
select 'district flags' as compared, district_months.month
from district_months
inner join
    district_flags
    on district_months.district_code = district_flags.district_code
    and district_months.month = district_flags.month
where district_months.household_count is distinct from district_flags.household_count
union all
select 'forecasts' as compared, supported.month
from supported
inner join
    forecasts
    on supported.district_code = forecasts.district_code
    and supported.month = forecasts.month
where supported.caseload_count is distinct from forecasts.household_count
union all
select 'county debts and taxes' as compared, county_debts.month
from county_debts
inner join county_taxes on county_debts.month = county_taxes.month
where
    county_debts.debt_type = 'council_tax'
    and (
        county_debts.account_count is distinct from county_taxes.account_count
        or county_debts.owing_account_count is distinct from county_taxes.overdue_account_count
        or county_debts.household_count is distinct from county_taxes.overdue_household_count
        or county_debts.owed_gbp is distinct from county_taxes.overdue_gbp
    )
union all
select 'county debts and rents' as compared, county_debts.month
from county_debts
inner join county_rents on county_debts.month = county_rents.month
where
    county_debts.debt_type = 'rent'
    and (
        county_debts.account_count is distinct from county_rents.account_count
        or county_debts.owing_account_count is distinct from county_rents.arrears_account_count
        or county_debts.household_count is distinct from county_rents.arrears_household_count
        or county_debts.owed_gbp is distinct from county_rents.arrears_gbp
    )
union all
select 'county debts and overlaps' as compared, county_debts.month
from county_debts
inner join county_both on county_debts.month = county_both.month
where
    case
        when county_debts.debt_type = 'rent'
        then county_debts.household_count is distinct from county_both.rent_household_count
        else county_debts.household_count is distinct from county_both.council_tax_household_count
    end
union all
select 'district debts and taxes' as compared, district_debts.month
from district_debts
inner join
    district_taxes
    on district_debts.month = district_taxes.month
    and district_debts.district_code = district_taxes.district_code
where
    district_debts.debt_type = 'council_tax'
    and (
        district_debts.account_count is distinct from district_taxes.account_count
        or district_debts.owing_account_count is distinct from district_taxes.overdue_account_count
        or district_debts.household_count is distinct from district_taxes.overdue_household_count
        or district_debts.owed_gbp is distinct from district_taxes.overdue_gbp
    )
union all
select 'district debts and rents' as compared, district_debts.month
from district_debts
inner join
    district_rents
    on district_debts.month = district_rents.month
    and district_debts.district_code = district_rents.district_code
where
    district_debts.debt_type = 'rent'
    and (
        district_debts.account_count is distinct from district_rents.account_count
        or district_debts.owing_account_count is distinct from district_rents.arrears_account_count
        or district_debts.household_count is distinct from district_rents.arrears_household_count
        or district_debts.owed_gbp is distinct from district_rents.arrears_gbp
    )
union all
select 'district debts and overlaps' as compared, district_debts.month
from district_debts
inner join
    district_both
    on district_debts.month = district_both.month
    and district_debts.district_code = district_both.district_code
where
    case
        when district_debts.debt_type = 'rent'
        then district_debts.household_count is distinct from district_both.rent_household_count
        else
            district_debts.household_count
            is distinct from district_both.council_tax_household_count
    end
