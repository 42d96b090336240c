{#
    The expression is true on every row. Unlike a bare `where not (…)`, a null counts as a failure:
    an unknown is not a yes.
#}
{% test holds_on_every_row(model, expression) %}
    select * from {{ model }} where not coalesce(({{ expression }}), false)
{% endtest %}
