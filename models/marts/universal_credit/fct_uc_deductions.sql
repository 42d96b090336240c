with

    deductions as (select * from {{ ref("stg_universal_credit__deductions") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    periods as (select * from {{ ref("int_uc__periods") }})

select
    deductions.district_code,
    deductions.month,
    deductions.uc_key,
    deductions.period_start,
    deductions.deduction_reason,
    periods.household_key,
    periods.uc_key is not null as has_award,
    cast(deductions.deduction_gbp as decimal(18, 2)) as deduction_gbp,
    cast(periods.standard_allowance_gbp as decimal(18, 2)) as standard_allowance_gbp,
    {{ build_id() }} as build_id
from deductions
inner join extract_in_force on deductions.extract_id = extract_in_force.extract_id
left join
    periods
    on deductions.district_code = periods.district_code
    and deductions.uc_key = periods.uc_key
    and deductions.period_start = periods.period_start
