with

    awards as (select * from {{ ref("fct_uc_awards") }}),

    award_months as (select * from {{ ref("int_uc__household_awards") }}),

    awards_added as (
        select
            district_code,
            month,
            sum(case when award_gbp > 0 then 1 else 0 end) as household_count,
            sum(
                case when award_gbp > 0 and not is_linked then 1 else 0 end
            ) as unlinked_household_count,
            sum(case when award_gbp > 0 and has_cts_award then 1 else 0 end) as cts_household_count,
            sum(
                case when is_cts_interest_without_award then 1 else 0 end
            ) as cts_interest_without_award_count,
            sum(case when deductions_gbp > 0 then 1 else 0 end) as deducted_household_count,
            sum(award_gbp) as award_gbp,
            sum(deductions_gbp) as deductions_gbp,
            sum(net_award_gbp) as net_award_gbp,
            max(award_gbp) as largest_award_gbp,
            max(deductions_gbp) as largest_deductions_gbp
        from awards
        group by district_code, month
    ),

    whole_months_added as (
        select district_code, month, sum(accrued_gbp) as accrued_gbp
        from award_months
        where is_whole_month
        group by district_code, month
    )

select
    awards_added.district_code,
    awards_added.month,
    cast(awards_added.household_count as integer) as household_count,
    cast(awards_added.unlinked_household_count as integer) as unlinked_household_count,
    cast(awards_added.cts_household_count as integer) as cts_household_count,
    cast(
        awards_added.cts_interest_without_award_count as integer
    ) as cts_interest_without_award_count,
    cast(awards_added.deducted_household_count as integer) as deducted_household_count,
    cast(awards_added.award_gbp as decimal(18, 2)) as award_gbp,
    cast(awards_added.deductions_gbp as decimal(18, 2)) as deductions_gbp,
    cast(awards_added.net_award_gbp as decimal(18, 2)) as net_award_gbp,
    cast(awards_added.largest_award_gbp as decimal(18, 2)) as largest_award_gbp,
    cast(awards_added.largest_deductions_gbp as decimal(18, 2)) as largest_deductions_gbp,
    cast(whole_months_added.accrued_gbp as decimal(18, 2)) as accrued_gbp,
    {{ build_id() }} as build_id
from awards_added
left join
    whole_months_added
    on awards_added.district_code = whole_months_added.district_code
    and awards_added.month = whole_months_added.month
