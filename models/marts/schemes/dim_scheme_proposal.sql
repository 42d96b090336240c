with

    proposals as (select * from {{ ref("int_proposals") }}),

    options as (select * from {{ ref("int_proposal_options") }}),

    modelled as (select proposal_key from options group by proposal_key)

select
    proposals.proposal_key,
    proposals.proposal_name,
    proposals.district_code,
    proposals.financial_year,
    proposals.adoption_deadline_date,
    proposals.month,
    case
        when modelled.proposal_key is not null
        then 'modelled'
        when proposals.month is null
        then 'no_caseload'
        else 'fewer_than_two_alternatives'
    end as modelling_status,
    case
        when modelled.proposal_key is null
        then null
        when proposals.base_scheme_key is null
        then 'in_payment'
        else 'estimated'
    end as base_kind,
    proposals.base_scheme_name,
    proposals.assumed,
    proposals.source,
    {{ build_id() }} as build_id
from proposals
left join modelled on proposals.proposal_key = modelled.proposal_key
