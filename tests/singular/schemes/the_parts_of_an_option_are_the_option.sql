-- Each trait by itself, and the bearers together, are the option to the household and the penny.
with

    proposals as (select * from {{ ref("fct_scheme_proposal") }}),

    groups as (select * from {{ ref("fct_scheme_proposal_group") }}),

    bearers as (select * from {{ ref("fct_scheme_proposal_bearer") }}),

    traits_added as (
        select
            proposal_key,
            option_key,
            trait,
            sum(compared_count) as compared_count,
            sum(gainer_count) as gainer_count,
            sum(loser_count) as loser_count,
            sum(change_gbp) as change_gbp
        from groups
        group by proposal_key, option_key, trait
    ),

    bearers_added as (
        select proposal_key, option_key, sum(cost_gbp) as cost_gbp, sum(change_gbp) as change_gbp
        from bearers
        group by proposal_key, option_key
    ),

    traits_listed as (select trait from groups group by trait)

select proposals.proposal_key, proposals.option_key, traits_listed.trait as part
from proposals
cross join traits_listed
left join
    traits_added
    on proposals.proposal_key = traits_added.proposal_key
    and proposals.option_key = traits_added.option_key
    and traits_listed.trait = traits_added.trait
where
    proposals.role <> 'do_nothing'
    and (
        traits_added.compared_count is distinct from proposals.compared_count
        or traits_added.gainer_count is distinct from proposals.gainer_count
        or traits_added.loser_count is distinct from proposals.loser_count
        or traits_added.change_gbp is distinct from proposals.change_gbp
    )
union all
select proposals.proposal_key, proposals.option_key, 'bearers' as part
from proposals
inner join
    bearers_added
    on proposals.proposal_key = bearers_added.proposal_key
    and proposals.option_key = bearers_added.option_key
where
    bearers_added.cost_gbp <> proposals.cost_gbp or bearers_added.change_gbp <> proposals.change_gbp
