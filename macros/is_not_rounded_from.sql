{#
    The shown figure is not the exact one rounded, at most half a step off. A hidden figure is not
    shown; whether it has its mark is another test.
#}
{% macro is_not_rounded_from(shown, exact, half_step) -%}
    not coalesce(abs({{ shown }} - {{ exact }}) <= {{ half_step }}, {{ shown }} is null)
{%- endmacro %}
