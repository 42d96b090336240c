-- Every authority and year of the return is published, and no figure of it has been touched.
with

    returns as (
        select
            authority_code,
            financial_year,
            sum(cts_forgone_gbp) as cts_forgone_gbp,
            sum(
                case when age_group = 'pension' then cts_forgone_gbp end
            ) as cts_forgone_pension_gbp,
            sum(case when age_group = 'working' then cts_forgone_gbp end) as cts_forgone_working_gbp
        from {{ ref("fct_published_cts_forgone") }}
        group by authority_code, financial_year
    ),

    published as (select * from {{ source("published", "official_cts_benchmark") }})

select
    returns.authority_code,
    returns.financial_year,
    returns.cts_forgone_gbp,
    published.cts_forgone_gbp as published_cts_forgone_gbp
from returns
left join
    published
    on returns.authority_code = published.authority_code
    and returns.financial_year = published.financial_year
where
    returns.cts_forgone_gbp is distinct from published.cts_forgone_gbp
    or returns.cts_forgone_pension_gbp is distinct from published.cts_forgone_pension_gbp
    or returns.cts_forgone_working_gbp is distinct from published.cts_forgone_working_gbp
