with

    schemes as (select * from {{ ref("int_entitlement_schemes") }}),

    scheme_bands as (select * from {{ ref("int_entitlement_scheme_bands") }}),

    -- Each set parts every household into one of its types; a scheme uses one set.
    household_types as (
        {%- for type_set, types in [
            ("undivided", ["all"]),
            ("four", ["single", "couple", "one_child", "two_plus_children"]),
            ("three", ["no_children", "one_two_children", "three_plus_children"]),
        ] %}
            {%- for household_type in types %}
                {% if not (loop.first and type_set == "undivided") -%}
                    union all
                {%- endif %}
                select '{{ type_set }}' as type_set, '{{ household_type }}' as household_type
            {%- endfor %}
        {%- endfor %}
    ),

    bands as (
        select
            scheme_bands.scheme_key,
            household_types.type_set,
            scheme_bands.household_type,
            scheme_bands.income_from_gbp,
            scheme_bands.income_to_gbp,
            scheme_bands.reduction_pct
        from scheme_bands
        inner join household_types on scheme_bands.household_type = household_types.household_type
    ),

    last_bands as (
        select
            scheme_key,
            type_set,
            household_type,
            max(income_to_gbp) as income_to_gbp,
            max(case when income_to_gbp is null then 1 else 0 end) = 1 as is_open
        from bands
        group by scheme_key, type_set, household_type
    ),

    type_sets as (select scheme_key, type_set from bands group by scheme_key, type_set),

    not_documented as (
        select type_sets.scheme_key, type_sets.type_set, household_types.household_type
        from type_sets
        inner join household_types on type_sets.type_set = household_types.type_set
        left join
            last_bands
            on type_sets.scheme_key = last_bands.scheme_key
            and household_types.household_type = last_bands.household_type
        where last_bands.scheme_key is null
    )

-- Every income of every type has one row, so that a household meets its share by equal keys: above
-- the last band nothing is met, and of a type without bands nothing is known.
select
    scheme_key,
    type_set,
    household_type,
    cast(income_from_gbp as double) as income_from_gbp,
    cast(income_to_gbp as double) as income_to_gbp,
    cast(reduction_pct as double) as reduction_pct,
    true as is_comparable
from bands
union all
select
    scheme_key,
    type_set,
    household_type,
    cast(income_to_gbp as double) as income_from_gbp,
    cast(null as double) as income_to_gbp,
    0 as reduction_pct,
    true as is_comparable
from last_bands
where not is_open
union all
select
    scheme_key,
    type_set,
    household_type,
    0 as income_from_gbp,
    cast(null as double) as income_to_gbp,
    0 as reduction_pct,
    false as is_comparable
from not_documented
union all
select
    scheme_key,
    'undivided' as type_set,
    'all' as household_type,
    0 as income_from_gbp,
    cast(null as double) as income_to_gbp,
    cast(maximum_pct as double) as reduction_pct,
    true as is_comparable
from schemes
where scheme_kind in ('means_test', 'discount')
