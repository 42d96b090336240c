with

    circumstances as (
        select * from {{ ref("fct_household_circumstances") }} where household_key is not null
    ),

    uc_awards as (select * from {{ ref("fct_uc_awards") }} where household_key is not null),

    -- A household may have a claim of either kind, of both, or several.
    told as (
        select
            district_code,
            household_key,
            month,
            has_disabled_adult or has_disabled_child as has_disability,
            has_carer,
            dependants_under_5_count > 0 as has_child_under_5,
            false as is_on_universal_credit,
            false as is_cts_interest_without_award,
            false as has_health_element
        from circumstances
        union all
        select
            district_code,
            household_key,
            month,
            health_element_gbp > 0 or disabled_child_element_gbp > 0 as has_disability,
            carer_element_gbp > 0 as has_carer,
            false as has_child_under_5,
            true as is_on_universal_credit,
            is_cts_interest_without_award,
            health_element_gbp > 0 as has_health_element
        from uc_awards
    )

select
    district_code,
    household_key,
    month,
    coalesce(bool_or(has_disability), false) as has_disability,
    coalesce(bool_or(has_carer), false) as has_carer,
    coalesce(bool_or(has_child_under_5), false) as has_child_under_5,
    bool_or(is_on_universal_credit) as is_on_universal_credit,
    coalesce(bool_or(is_cts_interest_without_award), false) as is_cts_interest_without_award,
    coalesce(bool_or(has_health_element), false) as has_health_element,
    {{ build_id() }} as build_id
from told
group by district_code, household_key, month
