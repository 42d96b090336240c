{#
    A week's sum of a sum paid for a period of `payment_periods`. Rounded in whole pence, where a
    half is exact on every engine: a yearly sum over 52 may fall on one.
#}
{% macro weekly_gbp(amount_gbp, multiplier, divisor) -%}
    cast(
        round({{ amount_gbp }} * 100 * {{ multiplier }} / {{ divisor }}, 0) / 100 as decimal(18, 2)
    )
{%- endmacro %}
