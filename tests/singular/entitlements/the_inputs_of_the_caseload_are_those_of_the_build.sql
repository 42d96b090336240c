-- Rows and figures of each input that is kept for schemes, against the inputs that the rules of
-- the build read.
with

    households as (
        select * from {{ ref("int_caseload_households") }} where cts_age_group = 'working'
    ),

    people as (
        select people.*
        from {{ ref("int_entitlement_people") }} as people
        inner join households on people.unit_number = households.unit_number
    ),

    inputs as (
        select
            'units' as input,
            count(*) as row_count,
            sum(units.capital_gbp) + sum(units.reported_housing_benefit_gbp) as figures
        from {{ ref("int_entitlement_units") }} as units
        inner join households on units.unit_number = households.unit_number
        union all
        select
            'dwellings' as input,
            count(*) as row_count,
            sum(dwellings.annual_rent_gbp)
            + sum(coalesce(dwellings.annual_council_tax_gbp, 0)) as figures
        from {{ ref("int_entitlement_dwellings") }} as dwellings
        inner join households on dwellings.home_number = households.unit_number
        union all
        select
            'people' as input,
            count(*) as row_count,
            sum(age_years) + sum(annual_childcare_gbp) + sum(weekly_care_hours) as figures
        from people
        union all
        select 'incomes' as input, count(*) as row_count, sum(incomes.annual_gbp) as figures
        from {{ ref("int_entitlement_incomes") }} as incomes
        inner join people on incomes.person_number = people.person_number
    ),

    kept as (
        select
            'units' as input,
            count(*) as row_count,
            sum(capital_gbp) + sum(reported_housing_benefit_gbp) as figures
        from {{ ref("int_caseload_units") }}
        union all
        select
            'dwellings' as input,
            count(*) as row_count,
            sum(annual_rent_gbp) + sum(coalesce(annual_council_tax_gbp, 0)) as figures
        from {{ ref("int_caseload_dwellings") }}
        union all
        select
            'people' as input,
            count(*) as row_count,
            sum(age_years) + sum(annual_childcare_gbp) + sum(weekly_care_hours) as figures
        from {{ ref("int_caseload_people") }}
        union all
        select 'incomes' as input, count(*) as row_count, sum(annual_gbp) as figures
        from {{ ref("int_caseload_incomes") }}
    )

select inputs.input
from inputs
left join kept on inputs.input = kept.input
where
    inputs.row_count <> kept.row_count
    or abs(coalesce(inputs.figures, 0) - coalesce(kept.figures, 0)) > 0.005
