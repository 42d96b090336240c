{# April 2015 to March 2030, written out: no model reads the clock. #}
{% set financial_years = range(2015, 2030) %}
{% set month_names = [
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "January",
    "February",
    "March",
] %}

with

    calendar as (
        {% for year in financial_years %}
            {% set year_loop = loop %}
            {% for name in month_names %}
                {% set calendar_year = year if loop.index <= 9 else year + 1 %}
                {% set calendar_month = (loop.index + 2) % 12 + 1 %}
                select
                    cast(
                        '{{ calendar_year }}-{{ "%02d" | format(calendar_month) }}-01' as date
                    ) as month,
                    '{{ name }} {{ calendar_year }}' as month_label,
                    '{{ year }}-{{ "%02d" | format((year + 1) % 100) }}' as financial_year,
                    cast('{{ year }}-04-01' as date) as financial_year_start_date,
                    {{ loop.index }} as financial_month_number
                {% if not (loop.last and year_loop.last) %}
                    union all
                {% endif %}
            {% endfor %}
        {% endfor %}
    )

select
    month,
    month_label,
    financial_year,
    financial_year_start_date,
    cast(date_trunc('quarter', month) as date) as quarter_month,
    case
        when financial_month_number <= 3
        then 'April to June '
        when financial_month_number <= 6
        then 'July to September '
        when financial_month_number <= 9
        then 'October to December '
        else 'January to March '
    end
    || cast(extract(year from month) as varchar) as quarter_label,
    cast(financial_month_number as integer) as financial_month_number,
    cast(extract(day from {{ last_day_of("month") }}) as integer) as days_in_month,
    {{ build_id() }} as build_id
from calendar
