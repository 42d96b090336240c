{# One row for each of the expressions, the rest of the row repeated: for a select list, alone. #}
{% macro each_of(expressions) -%}
    {{ return(adapter.dispatch("each_of")(expressions)) }}
{%- endmacro %}

{% macro default__each_of(expressions) -%} unnest([{{ expressions | join(", ") }}]) {%- endmacro %}

{% macro spark__each_of(expressions) -%}
    explode(array({{ expressions | join(", ") }}))
{%- endmacro %}
