with benefits as (select * from {{ ref("benefits") }})

select benefit_code, benefit_name, is_income_forgone, paid_by, {{ build_id() }} as build_id
from benefits
