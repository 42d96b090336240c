with

    debt_months as (select * from {{ ref("fct_household_debt_month") }}),

    household_debts as (select * from {{ ref("fct_household_debts") }}),

    both_counted as (
        select
            district_code,
            month,
            sum(case when debt_type = 'rent' then 1 else 0 end) as both_count,
            {% for debt_type in ["council_tax", "rent"] %}
                sum(
                    case when debt_type = '{{ debt_type }}' then owed_gbp else 0 end
                ) as both_{{ debt_type }}_gbp,
                max(
                    case when debt_type = '{{ debt_type }}' then owed_gbp else 0 end
                ) as largest_both_{{ debt_type }}_gbp{{ "," if not loop.last }}
            {% endfor %}
        from household_debts
        where owes_both
        group by district_code, month
    ),

    council_tax_months as (select * from debt_months where debt_type = 'council_tax'),

    rent_months as (select * from debt_months where debt_type = 'rent'),

    -- A landlord whose month is not held has a row without figures, so that a county's figure can
    -- say of how many it is; of a district that is none and has sent nothing there is nothing to
    -- say.
    district_months as (
        select
            coalesce(council_tax_months.district_code, rent_months.district_code) as district_code,
            coalesce(council_tax_months.month, rent_months.month) as month,
            council_tax_months.household_count as council_tax_household_count,
            rent_months.household_count as rent_household_count,
            coalesce(rent_months.is_applicable, true) as has_council_homes,
            coalesce(council_tax_months.is_held and rent_months.is_held, false) as is_comparable
        from council_tax_months
        full outer join
            rent_months
            on council_tax_months.district_code = rent_months.district_code
            and council_tax_months.month = rent_months.month
        where council_tax_months.is_held or rent_months.is_applicable
    ),

    with_both as (
        select
            district_months.*,
            case
                when district_months.is_comparable then coalesce(both_counted.both_count, 0)
            end as both_count,
            {% for pounds in [
                "both_council_tax_gbp",
                "largest_both_council_tax_gbp",
                "both_rent_gbp",
                "largest_both_rent_gbp",
            ] %}
                case
                    when district_months.is_comparable then coalesce(both_counted.{{ pounds }}, 0)
                end as {{ pounds }}{{ "," if not loop.last }}
            {% endfor %}
        from district_months
        left join
            both_counted
            on district_months.district_code = both_counted.district_code
            and district_months.month = both_counted.month
    )

select
    district_code,
    month,
    has_council_homes,
    is_comparable,
    cast(council_tax_household_count as integer) as council_tax_household_count,
    cast(
        council_tax_household_count - coalesce(both_count, 0) as integer
    ) as council_tax_alone_count,
    cast(rent_household_count as integer) as rent_household_count,
    cast(rent_household_count - coalesce(both_count, 0) as integer) as rent_alone_count,
    cast(both_count as integer) as both_count,
    cast(both_council_tax_gbp as decimal(18, 2)) as both_council_tax_gbp,
    cast(largest_both_council_tax_gbp as decimal(18, 2)) as largest_both_council_tax_gbp,
    cast(both_rent_gbp as decimal(18, 2)) as both_rent_gbp,
    cast(largest_both_rent_gbp as decimal(18, 2)) as largest_both_rent_gbp,
    {{ build_id() }} as build_id
from with_both
