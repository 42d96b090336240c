with

    changes as (select * from {{ ref("dim_policy_change") }}),

    published as (select * from {{ source("published", "policy_change") }})

select changes.policy_change_code, published.policy_change_code as published_code
from changes
full outer join
    published
    on changes.policy_change_code = published.policy_change_code
    and changes.change_date = published.change_date
    and changes.policy_name = published.policy_name
    and changes.what_changes = published.what_changes
    and changes.standing = lower(published.standing_label)
    and changes.legal_basis = published.legal_basis
    and changes.source = published.source
where changes.policy_change_code is null or published.policy_change_code is null
