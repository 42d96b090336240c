{# The financial year, as '2026-27', that a date falls in: 1 April to 31 March. #}
{% macro financial_year_of(date) -%}
    case
        when extract(month from {{ date }}) >= 4
            then
                cast(extract(year from {{ date }}) as varchar)
                || '-'
                || substr(cast(extract(year from {{ date }}) + 1 as varchar), 3, 2)
        else
            cast(extract(year from {{ date }}) - 1 as varchar)
            || '-'
            || substr(cast(extract(year from {{ date }}) as varchar), 3, 2)
    end
{%- endmacro %}
