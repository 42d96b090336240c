-- Households and pounds of the month's mart against the households behind it.
with

    entitlements as (select * from {{ ref("fct_entitlements") }}),

    entitlement_months as (select * from {{ ref("fct_entitlement_month") }}),

    households as (
        select
            district_code,
            month,
            benefit_code,
            count(*) as household_count,
            count(case when confidence <> 'not_assessable' then 1 end) as assessable_count,
            count(case when estimate_gbp > 0 or entitled_count > 0 then 1 end) as entitled_count,
            count(case when estimate_gbp > 0 and in_payment_gbp >= 0 then 1 end) as compared_count,
            count(case when estimate_gbp > 0 and in_payment_gbp = 0 then 1 end) as unclaimed_count,
            sum(
                case when estimate_gbp > 0 and in_payment_gbp = 0 then estimate_gbp else 0 end
            ) as unclaimed_gbp,
            max(
                case when estimate_gbp > 0 and in_payment_gbp = 0 then estimate_gbp else 0 end
            ) as largest_unclaimed_gbp,
            count(case when in_payment_gbp > 0 and gap_gbp > 4.33 then 1 end) as short_count,
            sum(
                case when in_payment_gbp > 0 and gap_gbp > 4.33 then gap_gbp else 0 end
            ) as short_gbp,
            max(
                case when in_payment_gbp > 0 and gap_gbp > 4.33 then gap_gbp else 0 end
            ) as largest_short_gbp
        from entitlements
        group by district_code, month, benefit_code
    ),

    written as (
        select
            district_code,
            month,
            benefit_code,
            household_count,
            assessable_count,
            entitled_count,
            compared_count,
            unclaimed_count,
            unclaimed_gbp,
            largest_unclaimed_gbp,
            short_count,
            short_gbp,
            largest_short_gbp
        from entitlement_months
    ),

    not_written as (
        select *
        from households
        except
        select *
        from written
    ),

    not_there as (
        select *
        from written
        except
        select *
        from households
    )

select *
from not_written
union all
select *
from not_there
