-- A month after the last rates would be assessed with none of them. Add the new year to
-- `benefit_rates`; see CONTRIBUTING.
with

    periods as (select * from {{ ref("int_entitlement_periods") }}),

    benefit_rates as (select * from {{ ref("benefit_rates") }}),

    period_rates as (select * from {{ ref("int_entitlement_period_rates") }}),

    rate_codes as (
        -- Each rate has a row a year.
        select distinct rate_code from benefit_rates
    )

select periods.period_key, rate_codes.rate_code
from periods
cross join rate_codes
left join
    period_rates
    on periods.period_key = period_rates.period_key
    and rate_codes.rate_code = period_rates.rate_code
where period_rates.rate_code is null
