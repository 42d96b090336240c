-- The added-up month against what it adds: counts, pounds, the largest award that decides what may
-- be published, and the days' share of each month that is whole.
with

    awards as (select * from {{ ref("fct_uc_awards") }}),

    award_months as (select * from {{ ref("stg_universal_credit__award_months") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    months as (select * from {{ ref("fct_uc_month") }}),

    awards_added as (
        select
            district_code,
            month,
            sum(case when award_gbp > 0 then 1 else 0 end) as household_count,
            sum(case when award_gbp > 0 and has_cts_award then 1 else 0 end) as with_cts_count,
            sum(case when is_cts_interest_without_award then 1 else 0 end) as in_vain_count,
            sum(case when deductions_gbp > 0 then 1 else 0 end) as deducted_count,
            sum(award_gbp) as award_gbp,
            sum(deductions_gbp) as deductions_gbp,
            max(award_gbp) as largest_award_gbp,
            max(deductions_gbp) as largest_deductions_gbp
        from awards
        group by district_code, month
    ),

    months_held as (
        select
            district_code,
            month,
            lead(month) over (partition by district_code order by month) as month_held_next
        from extract_in_force
        where feed = 'universal_credit'
    ),

    shares_added as (
        select
            award_months.district_code,
            award_months.month,
            sum(award_months.accrued_gbp) as accrued_gbp
        from award_months
        inner join extract_in_force on award_months.extract_id = extract_in_force.extract_id
        inner join
            months_held
            on award_months.district_code = months_held.district_code
            and award_months.month = months_held.month
            and months_held.month_held_next = award_months.month + interval '1 month'
        group by award_months.district_code, award_months.month
    )

select awards_added.district_code, awards_added.month
from awards_added
full outer join
    months
    on awards_added.district_code = months.district_code
    and awards_added.month = months.month
left join
    shares_added
    on awards_added.district_code = shares_added.district_code
    and awards_added.month = shares_added.month
where
    awards_added.household_count is distinct from months.household_count
    or awards_added.with_cts_count is distinct from months.cts_household_count
    or awards_added.in_vain_count is distinct from months.cts_interest_without_award_count
    or awards_added.deducted_count is distinct from months.deducted_household_count
    or awards_added.award_gbp is distinct from months.award_gbp
    or awards_added.deductions_gbp is distinct from months.deductions_gbp
    or awards_added.largest_award_gbp is distinct from months.largest_award_gbp
    or awards_added.largest_deductions_gbp is distinct from months.largest_deductions_gbp
    or shares_added.accrued_gbp is distinct from months.accrued_gbp
