with

    benefit_units as (select * from {{ ref("stg_links__benefit_units") }}),

    units_on_account as (
        select
            district_code,
            source_key as rent_account_key,
            household_key,
            rule,
            count(*) over (partition by district_code, source_key) as unit_count
        from benefit_units
        where source = 'rent_account'
    )

select
    district_code,
    rent_account_key,
    household_key,
    rule,
    cast(1.0 / unit_count as decimal(9, 6)) as share_ratio,
    unit_count > 1 as is_joint
from units_on_account
