-- A household is in one part of each trait, so the parts of a trait are the option.
with

    proposal_awards as (select * from {{ ref("int_proposal_awards") }}),

    parts as (
        {%- for trait in ["household_type", "tenure", "age_band", "disability", "carer"] %}
            {% if not loop.first -%}
                union all
            {%- endif %}
            select
                district_code,
                month,
                proposal_key,
                option_key,
                '{{ trait }}' as trait,
                {{ trait }} as part,
                is_compared,
                effect,
                change_gbp
            from proposal_awards
            where option_key <> 'do_nothing'
        {%- endfor %}
    )

select
    district_code,
    month,
    proposal_key,
    option_key,
    trait,
    part,
    cast(count(case when is_compared then 1 end) as integer) as compared_count,
    cast(count(case when effect = 'gainer' then 1 end) as integer) as gainer_count,
    cast(count(case when effect = 'loser' then 1 end) as integer) as loser_count,
    cast(count(case when effect = 'unchanged' then 1 end) as integer) as unchanged_count,
    cast(coalesce(sum(change_gbp), 0) as decimal(18, 2)) as change_gbp,
    cast(coalesce(sum(abs(change_gbp)), 0) as decimal(18, 2)) as gross_change_gbp,
    cast(coalesce(max(abs(change_gbp)), 0) as decimal(18, 2)) as largest_change_gbp,
    {{ build_id() }} as build_id
from parts
group by district_code, month, proposal_key, option_key, trait, part
