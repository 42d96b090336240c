{# The key of a type 2 row: the household and the month from which the row holds. #}
{% macro household_version_key(household_key, valid_from_month) -%}
    {{ household_key }} || ':' || substr(cast({{ valid_from_month }} as varchar), 1, 7)
{%- endmacro %}
