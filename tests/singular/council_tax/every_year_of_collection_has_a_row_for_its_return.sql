-- A year of collection without a row would not say that its return is missing.
with

    collection as (
        select district_code, liability_year
        from {{ ref("fct_collection") }}
        where is_current_year
        group by district_code, liability_year
    ),

    returns as (select * from {{ ref("fct_published_collection") }})

select collection.district_code, returns.authority_code, returns.financial_year
from collection
full outer join
    returns
    on collection.district_code = returns.authority_code
    and collection.liability_year = returns.financial_year
where collection.district_code is null or returns.authority_code is null
