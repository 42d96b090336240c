{#
    The columns together are the model's grain: no row is repeated and none of them is null.
    Fails with one row for each repeated or incomplete key.
#}
{% test primary_key(model, columns) %}
    select {{ columns | join(", ") }}, count(*) as row_count
    from {{ model }}
    group by {{ columns | join(", ") }}
    having count(*) > 1 {%- for column in columns %} or {{ column }} is null {%- endfor %}
{% endtest %}
