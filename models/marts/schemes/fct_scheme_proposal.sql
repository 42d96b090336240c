with

    options as (select * from {{ ref("int_proposal_options") }}),

    proposal_awards as (select * from {{ ref("int_proposal_awards") }})

select
    options.district_code,
    options.month,
    options.proposal_key,
    options.option_key,
    options.option_number,
    options.option_name,
    options.role,
    options.scheme_key,
    options.base_kind,
    cast(count(*) as integer) as household_count,
    cast(count(case when proposal_awards.is_compared then 1 end) as integer) as compared_count,
    cast(count(case when proposal_awards.award_gbp > 0 then 1 end) as integer) as awarded_count,
    cast(count(case when proposal_awards.effect = 'gainer' then 1 end) as integer) as gainer_count,
    cast(count(case when proposal_awards.effect = 'loser' then 1 end) as integer) as loser_count,
    cast(
        count(case when proposal_awards.effect = 'unchanged' then 1 end) as integer
    ) as unchanged_count,
    cast(coalesce(sum(proposal_awards.award_gbp), 0) as decimal(18, 2)) as cost_gbp,
    cast(coalesce(max(proposal_awards.award_gbp), 0) as decimal(18, 2)) as largest_cost_gbp,
    cast(coalesce(sum(proposal_awards.base_gbp), 0) as decimal(18, 2)) as base_cost_gbp,
    cast(coalesce(max(proposal_awards.base_gbp), 0) as decimal(18, 2)) as largest_base_cost_gbp,
    cast(coalesce(sum(proposal_awards.change_gbp), 0) as decimal(18, 2)) as change_gbp,
    cast(coalesce(sum(abs(proposal_awards.change_gbp)), 0) as decimal(18, 2)) as gross_change_gbp,
    cast(coalesce(max(abs(proposal_awards.change_gbp)), 0) as decimal(18, 2)) as largest_change_gbp,
    {{ build_id() }} as build_id
from options
inner join
    proposal_awards
    on options.proposal_key = proposal_awards.proposal_key
    and options.option_key = proposal_awards.option_key
group by
    options.district_code,
    options.month,
    options.proposal_key,
    options.option_key,
    options.option_number,
    options.option_name,
    options.role,
    options.scheme_key,
    options.base_kind
