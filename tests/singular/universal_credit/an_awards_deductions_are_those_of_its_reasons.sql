-- An award's total of deductions is the sum of its reasons, except where rows of deductions were
-- set
-- aside: then the reasons come to less, in a district and month whose extract says so.
with

    awards as (select * from {{ ref("fct_uc_awards") }}),

    deductions as (select * from {{ ref("fct_uc_deductions") }}),

    extracts as (select * from {{ ref("stg_extracts__extracts") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    reasons_added as (
        select district_code, month, uc_key, period_start, sum(deduction_gbp) as deduction_gbp
        from deductions
        where has_award
        group by district_code, month, uc_key, period_start
    ),

    extracts_with_rows_set_aside as (
        select extracts.district_code, extracts.month
        from extracts
        inner join extract_in_force on extracts.extract_id = extract_in_force.extract_id
        where extracts.feed = 'universal_credit' and extracts.quarantined_rows > 0
    )

select awards.district_code, awards.month, awards.uc_key
from awards
left join
    reasons_added
    on awards.district_code = reasons_added.district_code
    and awards.uc_key = reasons_added.uc_key
    and awards.period_start = reasons_added.period_start
left join
    extracts_with_rows_set_aside
    on awards.district_code = extracts_with_rows_set_aside.district_code
    and awards.month = extracts_with_rows_set_aside.month
where
    awards.deductions_gbp < coalesce(reasons_added.deduction_gbp, 0)
    or (
        awards.deductions_gbp > coalesce(reasons_added.deduction_gbp, 0)
        and extracts_with_rows_set_aside.month is null
    )
