{# Rows 1, 2, … up to `last`, in a column `number`: for the body of a CTE. #}
{% macro numbers_to(last) -%}
    {%- for number in range(1, last + 1) -%}
        select {{ number }} as number
        {%- if not loop.last %} union all {% endif -%}
    {%- endfor -%}
{%- endmacro %}
