with

    limits as (select * from {{ ref("dim_entitlement_limit") }}),

    published as (select * from {{ source("published", "entitlement_limit") }})

select limits.statement, published.statement as published_statement, published.kind
from limits
full outer join
    published
    on limits.topic = published.topic
    and limits.statement = published.statement
    and limits.legal_basis = published.legal_basis
    and replace(limits.kind, '_', ' ') = lower(published.kind)
where limits.topic is null or published.topic is null
