-- Against the households themselves: who claims today, what is in payment, what each scheme gives.
with

    scheme_caseloads as (select * from {{ ref("fct_scheme_caseload") }}),

    scheme_awards as (
        select * from {{ ref("int_caseload_scheme_awards") }} where standing = 'documented'
    ),

    households as (
        select * from {{ ref("int_caseload_households") }} where cts_age_group = 'working'
    ),

    households_added as (
        select district_code, month, count(*) as household_count
        from households
        group by district_code, month
    ),

    awards_added as (
        select
            district_code,
            month,
            scheme_key,
            count(*) as household_count,
            count(award_gbp) as compared_count,
            sum(coalesce(award_gbp, 0)) as cost_gbp,
            max(coalesce(award_gbp, 0)) as largest_cost_gbp,
            sum(case when award_gbp is not null then in_payment_gbp else 0 end) as in_payment_gbp,
            max(
                case when award_gbp is not null then in_payment_gbp else 0 end
            ) as largest_in_payment_gbp
        from scheme_awards
        group by district_code, month, scheme_key
    )

select awards_added.*, scheme_caseloads.household_count as told_count
from awards_added
full outer join
    scheme_caseloads
    on awards_added.district_code = scheme_caseloads.district_code
    and awards_added.month = scheme_caseloads.month
    and awards_added.scheme_key = scheme_caseloads.scheme_key
left join
    households_added
    on scheme_caseloads.district_code = households_added.district_code
    and scheme_caseloads.month = households_added.month
where
    awards_added.household_count is distinct from scheme_caseloads.household_count
    or awards_added.compared_count is distinct from scheme_caseloads.compared_count
    or awards_added.cost_gbp is distinct from scheme_caseloads.cost_gbp
    or awards_added.largest_cost_gbp is distinct from scheme_caseloads.largest_cost_gbp
    or awards_added.in_payment_gbp is distinct from scheme_caseloads.in_payment_gbp
    or awards_added.largest_in_payment_gbp is distinct from scheme_caseloads.largest_in_payment_gbp
    or households_added.household_count is distinct from scheme_caseloads.household_count
