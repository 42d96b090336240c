{# The rate of a code in the period of the group: for models that lay rates out as columns. #}
{% macro rate(rate_code) -%}
    max(case when rate_code = '{{ rate_code }}' then value end)
{%- endmacro %}
