-- An award that linkage lays on one unit has that unit in every month that it stands in.
with

    benefit_units as (select * from {{ ref("stg_links__benefit_units") }}),

    awards as (select * from {{ ref("fct_discretionary_awards") }}),

    linked_once as (
        select district_code, source_key, max(household_key) as household_key
        from benefit_units
        where source = 'discretionary_award'
        group by district_code, source_key
        having count(*) = 1
    )

select awards.district_code, awards.award_key, awards.month
from awards
left join
    linked_once
    on awards.district_code = linked_once.district_code
    and awards.award_key = linked_once.source_key
where awards.household_key is distinct from linked_once.household_key
