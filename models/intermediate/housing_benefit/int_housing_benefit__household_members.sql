{{ config(materialized="view") }}

with members_at_month_end as (select * from {{ ref("int_housing_benefit__members_in_force") }})

select
    district_code,
    month,
    claim_key,
    count(case when member_role = 'dependant' then 1 end) as listed_dependant_count,
    count(case when member_role = 'non_dependant' then 1 end) as listed_non_dependant_count,
    min(case when member_role = 'dependant' then age_at_month_end end) as youngest_dependant_age,
    count(
        case when member_role = 'dependant' and age_at_month_end < 5 then 1 end
    ) as dependants_under_5_count,
    count(
        case when member_role = 'dependant' and is_born_from_2017_04_06 then 1 end
    ) as dependants_born_from_2017_04_06_count,
    -- One child without a birth date, and nothing can be said of the children's ages.
    count(case when member_role = 'dependant' and age_at_month_end is null then 1 end)
    = 0 as has_every_dependants_age,
    max(case when member_role in ('claimant', 'partner') and is_disabled then 1 else 0 end)
    = 1 as has_disabled_adult,
    max(case when member_role = 'dependant' and is_disabled then 1 else 0 end)
    = 1 as has_disabled_dependant,
    max(case when member_role in ('claimant', 'partner') and is_carer then 1 else 0 end)
    = 1 as has_carer
from members_at_month_end
group by district_code, month, claim_key
