with

    household_versions as (select * from {{ ref("int_household_versions") }}),

    versions as (
        select
            district_code,
            household_key,
            valid_from_month,
            max(month) as valid_to_month,
            -- Every month of a version has the same state, so any aggregate returns that state.
            max(dwelling_key) as dwelling_key,
            max(lsoa_code) as lsoa_code,
            max(cts_age_group) as cts_age_group,
            max(case when is_on_uc then 1 when not is_on_uc then 0 end) = 1 as is_on_uc,
            max(case when has_cts then 1 else 0 end) = 1 as has_cts,
            max(case when has_partner then 1 when not has_partner then 0 end) = 1 as has_partner,
            max(dependant_count) as dependant_count,
            max(non_dependant_count) as non_dependant_count
        from household_versions
        group by district_code, household_key, valid_from_month
    ),

    last_months as (
        select district_code, max(month) as last_month
        from household_versions
        group by district_code
    )

select
    {{ household_version_key("versions.household_key", "versions.valid_from_month") }}
    as household_version_key,
    versions.household_key,
    versions.district_code,
    versions.dwelling_key,
    versions.lsoa_code,
    versions.cts_age_group,
    versions.is_on_uc,
    versions.has_cts,
    versions.has_partner,
    cast(versions.dependant_count as integer) as dependant_count,
    cast(versions.non_dependant_count as integer) as non_dependant_count,
    versions.valid_from_month,
    versions.valid_to_month,
    versions.valid_to_month = last_months.last_month as is_current,
    {{ build_id() }} as build_id
from versions
inner join last_months on versions.district_code = last_months.district_code
