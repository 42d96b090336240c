with not_modelled as (select * from {{ ref("not_modelled") }})

select
    topic, kind, statement, coalesce(legal_basis, '') as legal_basis, {{ build_id() }} as build_id
from not_modelled
