{# The last day of the month that a first-of-month date names. #}
{% macro last_day_of(month) -%} {{ return(adapter.dispatch('last_day_of')(month)) }} {%- endmacro %}

{% macro default__last_day_of(month) -%}
    cast({{ month }} + interval '1 month' - interval '1 day' as date)
{%- endmacro %}
