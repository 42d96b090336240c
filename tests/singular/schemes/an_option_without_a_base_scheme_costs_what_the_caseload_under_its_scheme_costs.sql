-- Where doing nothing is what is in payment, an option compares whom its scheme says an award for.
with

    proposals as (select * from {{ ref("fct_scheme_proposal") }} where base_kind = 'in_payment'),

    scheme_caseloads as (select * from {{ ref("fct_scheme_caseload") }})

select proposals.proposal_key, proposals.option_key
from proposals
inner join
    scheme_caseloads
    on proposals.district_code = scheme_caseloads.district_code
    and proposals.month = scheme_caseloads.month
    and proposals.scheme_key = scheme_caseloads.scheme_key
where
    proposals.household_count <> scheme_caseloads.household_count
    or proposals.compared_count <> scheme_caseloads.compared_count
    or proposals.awarded_count <> scheme_caseloads.awarded_count
    or proposals.gainer_count <> scheme_caseloads.gainer_count
    or proposals.loser_count <> scheme_caseloads.loser_count
    or proposals.cost_gbp <> scheme_caseloads.cost_gbp
    or proposals.base_cost_gbp <> scheme_caseloads.in_payment_gbp
