with

    awards as (select * from {{ ref("fct_discretionary_awards") }}),

    added as (
        select
            district_code,
            month,
            coalesce(household_key, award_key) as helped_key,
            sum(award_gbp) as award_gbp
        from awards
        group by district_code, month, coalesce(household_key, award_key)
    )

select awards.district_code, awards.award_key, awards.month
from awards
inner join
    added
    on awards.district_code = added.district_code
    and awards.month = added.month
    and coalesce(awards.household_key, awards.award_key) = added.helped_key
where awards.household_month_gbp is distinct from added.award_gbp
