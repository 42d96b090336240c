-- From the ledger's control total of each extract in force to the award fact, the monthly fact and
-- the deductions: rows and pounds. A deduction whose award was set aside stays, named by has_award;
-- an award's own total of deductions is then larger by the deductions that were set aside.
with

    records as (select * from {{ ref("stg_extracts__records") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    awards as (select * from {{ ref("fct_uc_awards") }}),

    deductions as (select * from {{ ref("fct_uc_deductions") }}),

    months as (select * from {{ ref("fct_uc_month") }}),

    in_ledger as (
        select
            extract_in_force.district_code,
            extract_in_force.month,
            sum(case when records.record = 'award' then records.landed_rows end) as award_rows,
            sum(case when records.record = 'award' then records.landed_gbp end) as net_award_gbp,
            sum(
                case when records.record = 'deduction' then records.landed_rows end
            ) as deduction_rows
        from records
        inner join extract_in_force on records.extract_id = extract_in_force.extract_id
        where extract_in_force.feed = 'universal_credit'
        group by extract_in_force.district_code, extract_in_force.month
    ),

    in_awards as (
        select
            district_code,
            month,
            count(*) as award_rows,
            sum(net_award_gbp) as net_award_gbp,
            sum(award_gbp) as award_gbp
        from awards
        group by district_code, month
    ),

    in_deductions as (
        select district_code, month, count(*) as deduction_rows
        from deductions
        group by district_code, month
    )

select in_ledger.district_code, in_ledger.month
from in_ledger
full outer join
    in_awards
    on in_ledger.district_code = in_awards.district_code
    and in_ledger.month = in_awards.month
left join
    in_deductions
    on in_ledger.district_code = in_deductions.district_code
    and in_ledger.month = in_deductions.month
left join
    months on in_ledger.district_code = months.district_code and in_ledger.month = months.month
where
    in_ledger.award_rows is distinct from in_awards.award_rows
    or in_ledger.net_award_gbp is distinct from in_awards.net_award_gbp
    or in_ledger.net_award_gbp is distinct from months.net_award_gbp
    or in_awards.award_gbp is distinct from months.award_gbp
    or coalesce(in_ledger.deduction_rows, 0) <> coalesce(in_deductions.deduction_rows, 0)
