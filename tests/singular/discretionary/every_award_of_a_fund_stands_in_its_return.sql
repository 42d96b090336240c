with

    returned as (
        select
            district_code,
            month,
            fund,
            award_reason,
            count(*) as awards,
            sum(award_gbp) as pounds,
            count(household_key) as linked
        from {{ ref("fct_fund_return_awards") }}
        group by district_code, month, fund, award_reason
    ),

    given as (
        select
            district_code,
            month,
            fund,
            award_reason,
            count(*) as awards,
            sum(award_gbp) as pounds,
            count(household_key) as linked
        from {{ ref("fct_discretionary_awards") }}
        group by district_code, month, fund, award_reason
    ),

    largest as (
        select district_code, quarter_month, household_key
        from {{ ref("fct_fund_return_awards") }}
        where household_key is not null
        group by district_code, quarter_month, household_key
        having
            min(household_quarter_gbp) <> max(household_quarter_gbp)
            or sum(award_gbp) <> max(household_quarter_gbp)
    ),

    unlinked as (
        select district_code, month, award_key
        from {{ ref("fct_fund_return_awards") }}
        where household_key is null and household_quarter_gbp < award_gbp
    )

select given.district_code, given.month, given.fund, returned.district_code as in_return
from given
full outer join
    returned
    on given.district_code = returned.district_code
    and given.month = returned.month
    and given.fund = returned.fund
    and given.award_reason = returned.award_reason
where
    given.awards is distinct from returned.awards
    or given.pounds is distinct from returned.pounds
    or given.linked is distinct from returned.linked
union all
select district_code, quarter_month as month, household_key as fund, 'largest' as in_return
from largest
union all
select district_code, month, award_key as fund, 'unlinked' as in_return
from unlinked
