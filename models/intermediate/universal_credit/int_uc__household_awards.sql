{{ config(materialized="view") }}

with

    award_months as (select * from {{ ref("int_uc__award_months") }}),

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
    award_months.extract_month,
    award_months.month,
    award_months.uc_key,
    award_months.award_from,
    award_months.award_to,
    award_months.is_in_payment,
    award_months.weekly_award_gbp,
    award_months.days_awarded_count,
    award_months.share_ratio,
    award_months.accrued_gbp,
    award_months.accrued_net_gbp,
    uc_units.household_key,
    -- The month is whole once the periods that end in the next month are held as well.
    own_month.extract_id is not null and next_month.extract_id is not null as is_whole_month
from award_months
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
