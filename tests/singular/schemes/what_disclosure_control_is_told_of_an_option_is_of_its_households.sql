-- Sums of sizes and the largest household, of an option and of each part of a trait.
with

    proposals as (select * from {{ ref("fct_scheme_proposal") }}),

    groups as (select * from {{ ref("fct_scheme_proposal_group") }}),

    proposal_awards as (
        select *, greatest(change_gbp, - change_gbp) as size_gbp
        from {{ ref("int_proposal_awards") }}
        where is_compared
    ),

    largest as (
        select
            proposal_key,
            option_key,
            count(*) as compared_count,
            sum(size_gbp) as gross_change_gbp,
            max(size_gbp) as largest_change_gbp,
            max(award_gbp) as largest_cost_gbp,
            max(base_gbp) as largest_base_cost_gbp
        from proposal_awards
        group by proposal_key, option_key
    ),

    trait_rows as (
        {%- for trait in ["household_type", "tenure", "age_band", "disability", "carer"] %}
            {% if not loop.first -%}
                union all
            {%- endif %}
            select proposal_key, option_key, '{{ trait }}' as trait, {{ trait }} as part, size_gbp
            from proposal_awards
        {%- endfor %}
    ),

    largest_of_parts as (
        select
            proposal_key,
            option_key,
            trait,
            part,
            sum(size_gbp) as gross_change_gbp,
            max(size_gbp) as largest_change_gbp
        from trait_rows
        group by proposal_key, option_key, trait, part
    )

select proposals.proposal_key, proposals.option_key, 'whole' as part
from proposals
left join
    largest
    on proposals.proposal_key = largest.proposal_key
    and proposals.option_key = largest.option_key
where
    proposals.compared_count <> coalesce(largest.compared_count, 0)
    or proposals.gross_change_gbp <> coalesce(largest.gross_change_gbp, 0)
    or proposals.largest_change_gbp <> coalesce(largest.largest_change_gbp, 0)
    or proposals.largest_cost_gbp <> coalesce(largest.largest_cost_gbp, 0)
    or proposals.largest_base_cost_gbp <> coalesce(largest.largest_base_cost_gbp, 0)
union all
select groups.proposal_key, groups.option_key, groups.part
from groups
left join
    largest_of_parts
    on groups.proposal_key = largest_of_parts.proposal_key
    and groups.option_key = largest_of_parts.option_key
    and groups.trait = largest_of_parts.trait
    and groups.part = largest_of_parts.part
where
    groups.gross_change_gbp <> coalesce(largest_of_parts.gross_change_gbp, 0)
    or groups.largest_change_gbp <> coalesce(largest_of_parts.largest_change_gbp, 0)
