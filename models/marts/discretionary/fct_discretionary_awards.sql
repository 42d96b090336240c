with

    awards as (select * from {{ ref("stg_discretionary_awards__awards") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    benefit_units as (select * from {{ ref("stg_links__benefit_units") }}),

    funds as (select * from {{ ref("discretionary_funds") }}),

    -- An award that linkage lays on two units is left without one: its pounds cannot be shared.
    units_of_awards as (
        select
            district_code,
            source_key as award_key,
            case when count(*) = 1 then max(household_key) end as household_key
        from benefit_units
        where source = 'discretionary_award'
        group by district_code, source_key
    )

select
    awards.district_code,
    awards.award_key,
    awards.month,
    units_of_awards.household_key,
    units_of_awards.household_key is not null as is_linked,
    awards.lsoa_code,
    awards.fund,
    awards.award_reason,
    awards.decided_date,
    awards.award_from,
    awards.award_to,
    coalesce(
        awards.decided_date between funds.first_day and funds.last_day, false
    ) as is_within_fund_days,
    cast(awards.award_gbp as decimal(18, 2)) as award_gbp,
    cast(
        sum(awards.award_gbp) over (
            partition by
                awards.district_code,
                awards.month,
                coalesce(units_of_awards.household_key, awards.award_key)
        ) as decimal(18, 2)
    ) as household_month_gbp,
    {{ build_id() }} as build_id
from awards
inner join extract_in_force on awards.extract_id = extract_in_force.extract_id
left join funds on awards.fund = funds.fund
left join
    units_of_awards
    on awards.district_code = units_of_awards.district_code
    and awards.award_key = units_of_awards.award_key
