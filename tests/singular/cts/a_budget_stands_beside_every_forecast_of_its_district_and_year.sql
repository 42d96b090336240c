with

    forecasts as (select * from {{ ref("fct_cts_forecast") }}),

    budgets as (select * from {{ source("configuration", "cts_budget") }})

select forecasts.*, budgets.source
from forecasts
left join
    budgets
    on forecasts.district_code = budgets.district_code
    and forecasts.financial_year = budgets.financial_year
where
    forecasts.has_budget <> (budgets.district_code is not null)
    or forecasts.budget_pension_gbp is distinct from budgets.pension_age_gbp
    or forecasts.budget_working_gbp is distinct from budgets.working_age_gbp
    or forecasts.budget_gbp is distinct from budgets.pension_age_gbp + budgets.working_age_gbp
    or round(100 * forecasts.budgeted_collection_ratio, 2)
    is distinct from budgets.collection_rate_pct
    or forecasts.budget_source is distinct from budgets.source
