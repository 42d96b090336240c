{# Whole days from one date to another; two equal dates are 0 days apart. #}
{% macro days_between(from_date, to_date) -%}
    {{ return(adapter.dispatch('days_between')(from_date, to_date)) }}
{%- endmacro %}

{% macro default__days_between(from_date, to_date) -%} ({{ to_date }} - {{ from_date }}) {%- endmacro %}

{% macro spark__days_between(from_date, to_date) -%} datediff({{ to_date }}, {{ from_date }}) {%- endmacro %}
