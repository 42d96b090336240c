with

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    benefit_rates as (select * from {{ ref("benefit_rates") }}),

    first_days as (
        select rate_code, min(valid_from) as first_day from benefit_rates group by rate_code
    ),

    rates_held as (select max(first_day) as first_day from first_days),

    -- Several districts and feeds send the same month.
    months_told as (
        select distinct month
        from extract_in_force
        where feed in ('housing_benefit', 'universal_credit', 'cts')
    ),

    months as (
        select month, row_number() over (order by month desc) as months_back from months_told
    )

-- A month before the first rates is left out; one after the last is here and fails the build.
select
    months.month as period_key,
    {{ last_day_of("months.month") }} as age_reference_date,
    {{ financial_year_of("months.month") }} as financial_year
from months
cross join rates_held
where
    {{ last_day_of("months.month") }} >= rates_held.first_day
    and months.months_back <= {{ var("entitlement_months") }}
