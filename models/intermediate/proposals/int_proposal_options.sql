-- Definition 11: a proposal stands beside doing nothing and at least two alternatives.
with

    proposals as (select * from {{ ref("int_proposals") }} where month is not null),

    schemes as (select * from {{ ref("stg_configuration__schemes") }}),

    scheme_alternatives as (select * from {{ ref("stg_configuration__scheme_alternatives") }}),

    scheme_awards as (select * from {{ ref("int_caseload_scheme_awards") }}),

    named as (
        select
            scheme_alternatives.scheme_key as proposal_key,
            scheme_alternatives.alternative_key as scheme_key,
            scheme_alternatives.alternative_number as place
        from scheme_alternatives
    ),

    named_counts as (
        select proposals.proposal_key, count(named.scheme_key) as named_count
        from proposals
        left join named on proposals.proposal_key = named.proposal_key
        group by proposals.proposal_key
    ),

    bands_held as (
        select
            district_code,
            scheme_key,
            count(award_gbp) as compared_count,
            count(
                case
                    when
                        not_assessable_reason is null
                        or not_assessable_reason = 'no_bands_for_household'
                    then 1
                end
            ) as assessable_count
        from scheme_awards
        group by district_code, scheme_key
    ),

    most_assessable as (
        select district_code, max(assessable_count) as assessable_count
        from bands_held
        group by district_code
    ),

    -- Other districts' schemes that have bands for more than half, the most comparable first.
    comparable as (
        select
            proposals.proposal_key,
            bands_held.scheme_key,
            row_number() over (
                partition by proposals.proposal_key
                order by bands_held.compared_count desc, bands_held.scheme_key
            ) as place
        from proposals
        inner join bands_held on proposals.district_code = bands_held.district_code
        inner join most_assessable on proposals.district_code = most_assessable.district_code
        inner join
            schemes
            on bands_held.scheme_key = schemes.scheme_key
            and schemes.standing = 'documented'
            and proposals.district_code <> schemes.district_code
        left join
            named
            on proposals.proposal_key = named.proposal_key
            and bands_held.scheme_key = named.scheme_key
        where
            bands_held.compared_count * 2 > most_assessable.assessable_count
            and named.scheme_key is null
    ),

    -- Three where the file names none, or the paper could not be read; else so many that two stand.
    alternatives as (
        select proposal_key, scheme_key, place
        from named
        union all
        select comparable.proposal_key, comparable.scheme_key, 100 + comparable.place as place
        from comparable
        inner join named_counts on comparable.proposal_key = named_counts.proposal_key
        where
            comparable.place
            <= case when named_counts.named_count = 0 then 3 else 2 - named_counts.named_count end
    ),

    alternatives_numbered as (
        select
            proposals.proposal_key,
            alternatives.scheme_key,
            1 + row_number() over (
                partition by proposals.proposal_key order by alternatives.place
            ) as option_number,
            count(*) over (partition by proposals.proposal_key) as alternative_count
        from proposals
        inner join alternatives on proposals.proposal_key = alternatives.proposal_key
    ),

    modelled as (
        select proposals.*
        from proposals
        inner join
            alternatives_numbered
            on proposals.proposal_key = alternatives_numbered.proposal_key
            and alternatives_numbered.option_number = 2
        where alternatives_numbered.alternative_count >= 2
    ),

    options as (
        select proposal_key, 'do_nothing' as role, 0 as option_number, base_scheme_key as scheme_key
        from modelled
        union all
        select proposal_key, 'proposal' as role, 1 as option_number, proposal_key as scheme_key
        from modelled
        union all
        select
            modelled.proposal_key,
            'alternative' as role,
            alternatives_numbered.option_number,
            alternatives_numbered.scheme_key
        from modelled
        inner join
            alternatives_numbered on modelled.proposal_key = alternatives_numbered.proposal_key
    )

select
    options.proposal_key,
    modelled.district_code,
    modelled.month,
    case
        when options.role = 'do_nothing' then 'do_nothing' else options.scheme_key
    end as option_key,
    options.role,
    cast(options.option_number as integer) as option_number,
    options.scheme_key,
    case
        when options.role <> 'do_nothing'
        then schemes.scheme_name
        when options.scheme_key is null
        then 'Do nothing: awards in payment'
        else 'Do nothing: ' || schemes.scheme_name
    end as option_name,
    case when modelled.base_scheme_key is null then 'in_payment' else 'estimated' end as base_kind
from options
inner join modelled on options.proposal_key = modelled.proposal_key
left join schemes on options.scheme_key = schemes.scheme_key
