-- Counted and added again from the extracts in force, without bands.
with

    awards as (select * from {{ ref("stg_cts__awards") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    taxbase_days as (select * from {{ ref("taxbase_days") }}),

    support as (
        select
            district_code,
            month,
            sum(award_count) as award_count,
            sum(annual_award_gbp) as annual_award_gbp
        from {{ ref("fct_ct_support") }}
        group by district_code, month
    ),

    landed as (
        select
            awards.district_code,
            awards.month,
            count(*) as award_count,
            sum(awards.weekly_award_gbp) as weekly_award_gbp
        from awards
        inner join extract_in_force on awards.extract_id = extract_in_force.extract_id
        inner join
            taxbase_days
            on extract(year from awards.month) = extract(year from taxbase_days.as_at_date)
            and extract(month from awards.month) = extract(month from taxbase_days.as_at_date)
        where
            awards.award_status = 'in_payment'
            and awards.award_from <= taxbase_days.as_at_date
            and (awards.award_to is null or awards.award_to >= taxbase_days.as_at_date)
        group by awards.district_code, awards.month
    )

select landed.*, support.award_count as return_award_count, support.annual_award_gbp
from landed
full outer join
    support on landed.district_code = support.district_code and landed.month = support.month
where
    landed.district_code is null
    or support.district_code is null
    or landed.award_count <> support.award_count
    -- A year has 52 weeks and a day or two; rounding moves each award by half a penny.
    or support.annual_award_gbp
    not between landed.weekly_award_gbp * 365 / 7 - landed.award_count * 0.005
    and landed.weekly_award_gbp * 366 / 7 + landed.award_count * 0.005
