{# The build that writes the row: the same on every row of a generation, set by `lsi build`. #}
{% macro build_id() -%} cast('{{ var("build_id") }}' as {{ dbt.type_string() }}) {%- endmacro %}
