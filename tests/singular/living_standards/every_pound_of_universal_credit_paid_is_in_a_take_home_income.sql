-- What is paid and what is earned beside it, household by household, from the awards themselves.
with

    awards as (
        select
            household_key,
            month,
            sum(net_award_gbp) as net_award_gbp,
            sum(earnings_gbp) as earnings_gbp
        from {{ ref("fct_uc_awards") }}
        where award_gbp > 0 and household_key is not null
        group by household_key, month
    ),

    living_standards as (
        select household_key, month, universal_credit_gbp, earnings_gbp
        from {{ ref("fct_living_standards") }}
        where income_source = 'universal_credit'
    )

select
    coalesce(awards.household_key, living_standards.household_key) as household_key,
    coalesce(awards.month, living_standards.month) as month
from awards
full outer join
    living_standards
    on awards.household_key = living_standards.household_key
    and awards.month = living_standards.month
where
    awards.net_award_gbp is distinct from living_standards.universal_credit_gbp
    or awards.earnings_gbp is distinct from living_standards.earnings_gbp
