with cts_budget as (select * from {{ source("configuration", "cts_budget") }})

select
    district_code,
    financial_year,
    pension_age_gbp as budget_pension_gbp,
    working_age_gbp as budget_working_gbp,
    cast(collection_rate_pct / 100 as decimal(18, 4)) as budgeted_collection_ratio,
    source as budget_source
from cts_budget
