-- The list that is published against the seed that `lsi assess --explain` prints.
with

    not_modelled as (select * from {{ ref("not_modelled") }}),

    limits as (select * from {{ ref("dim_entitlement_limit") }})

select
    coalesce(not_modelled.statement, limits.statement) as statement,
    not_modelled.topic as topic_of_seed,
    limits.topic as topic_of_limit
from not_modelled
full outer join
    limits
    on not_modelled.topic = limits.topic
    and not_modelled.kind = limits.kind
    and not_modelled.statement = limits.statement
    and coalesce(not_modelled.legal_basis, '') = limits.legal_basis
where not_modelled.topic is null or limits.topic is null
