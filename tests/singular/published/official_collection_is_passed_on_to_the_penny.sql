-- Every year of collection is published, with the figures of its return or the mark that none is
-- held.
with

    returns as (select * from {{ ref("fct_published_collection") }}),

    published as (select * from {{ source("published", "official_collection") }})

select returns.authority_code, published.authority_code as published_code
from returns
full outer join
    published
    on returns.authority_code = published.authority_code
    and returns.financial_year = published.financial_year
where
    returns.authority_code is null
    or published.authority_code is null
    or returns.net_collectable_debit_gbp is distinct from published.net_collectable_debit_gbp
    or returns.in_year_receipts_gbp is distinct from published.in_year_receipts_gbp
    or returns.arrears_gbp is distinct from published.arrears_gbp
    or returns.mark is distinct from published.in_year_receipts_gbp_mark
