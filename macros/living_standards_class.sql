{#
    The class of a household's month (definition 16): the first match wins, and what cannot be
    compared is unknown. `after_priority_gbp` is take-home income less rent and council tax.
#}
{% macro living_standards_class(
    after_priority_gbp, essentials_gbp, floor_share, struggling_below_gbp
) -%}
    case
        when {{ after_priority_gbp }} is null or {{ essentials_gbp }} is null
        then 'unknown'
        when {{ after_priority_gbp }} < {{ floor_share }} * {{ essentials_gbp }}
        then 'in_crisis'
        when {{ after_priority_gbp }} < {{ essentials_gbp }}
        then 'at_risk'
        when {{ after_priority_gbp }} < {{ essentials_gbp }} + {{ struggling_below_gbp }}
        then 'struggling'
        else 'coping'
    end
{%- endmacro %}
