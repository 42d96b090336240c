with

    award_months as (select * from {{ ref("stg_universal_credit__award_months") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    benefit_units as (select * from {{ ref("stg_links__benefit_units") }}),

    uc_units as (
        select district_code, source_key as uc_key, household_key
        from benefit_units
        where source = 'uc_claim'
    ),

    extracts_of_uc as (select * from extract_in_force where feed = 'universal_credit')

select
    award_months.district_code,
    award_months.month,
    award_months.uc_key,
    uc_units.household_key,
    award_months.period_start as award_from,
    award_months.period_end as award_to,
    -- A claim has one period that ends in a month: the month's award, known once its own extract
    -- is here.
    award_months.is_month_of_period_end and award_months.period_award_gbp > 0 as is_in_payment,
    cast(
        case
            when award_months.is_month_of_period_end
            then round(cast(award_months.period_award_gbp * 1200 as bigint) / 52.0, 0) * 0.01
            else 0
        end as decimal(18, 2)
    ) as weekly_award_gbp,
    award_months.days_in_month_count as days_awarded_count,
    award_months.share_ratio,
    award_months.accrued_gbp,
    award_months.accrued_net_gbp,
    -- The month is whole once the periods that end in the next month are held as well.
    own_month.extract_id is not null and next_month.extract_id is not null as is_whole_month
from award_months
inner join extracts_of_uc on award_months.extract_id = extracts_of_uc.extract_id
left join
    uc_units
    on award_months.district_code = uc_units.district_code
    and award_months.uc_key = uc_units.uc_key
left join
    extracts_of_uc as own_month
    on award_months.district_code = own_month.district_code
    and award_months.month = own_month.month
left join
    extracts_of_uc as next_month
    on award_months.district_code = next_month.district_code
    and award_months.month + interval '1 month' = next_month.month
