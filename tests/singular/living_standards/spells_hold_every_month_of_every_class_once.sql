-- Months and pounds of each class, district by district, and where each household's run ends.
with

    living_standards as (select * from {{ ref("fct_living_standards") }}),

    spells as (select * from {{ ref("fct_living_standards_spells") }}),

    months_added as (
        select
            district_code,
            living_standards_class,
            count(*) as month_count,
            sum(shortfall_gbp) as shortfall_gbp
        from living_standards
        group by district_code, living_standards_class
    ),

    spells_added as (
        select
            district_code,
            living_standards_class,
            sum(month_count) as month_count,
            sum(shortfall_gbp) as shortfall_gbp
        from spells
        group by district_code, living_standards_class
    ),

    last_months as (
        select district_code, max(month) as last_month from living_standards group by district_code
    ),

    households_now as (
        select living_standards.district_code, count(*) as household_count
        from living_standards
        inner join
            last_months
            on living_standards.district_code = last_months.district_code
            and living_standards.month = last_months.last_month
        group by living_standards.district_code
    ),

    open_spells as (
        select district_code, sum(case when is_open then 1 else 0 end) as household_count
        from spells
        group by district_code
    )

select
    coalesce(months_added.district_code, spells_added.district_code) as district_code,
    coalesce(
        months_added.living_standards_class, spells_added.living_standards_class
    ) as living_standards_class
from months_added
full outer join
    spells_added
    on months_added.district_code = spells_added.district_code
    and months_added.living_standards_class = spells_added.living_standards_class
where
    months_added.month_count is distinct from spells_added.month_count
    or months_added.shortfall_gbp is distinct from spells_added.shortfall_gbp
union all
select households_now.district_code, 'open' as living_standards_class
from households_now
left join open_spells on households_now.district_code = open_spells.district_code
where households_now.household_count is distinct from open_spells.household_count
