-- Into each class of a month come as many as are in it, from wherever; and every month with one
-- before it, or one a year before, has its transitions.
with

    transitions as (
        select
            district_code,
            month,
            span_months,
            sum(household_count) as household_count,
            sum(
                case when living_standards_class = 'unknown' then 0 else household_count end
            ) as known_count,
            sum(
                case when living_standards_class = 'in_crisis' then household_count else 0 end
            ) as in_crisis_count,
            sum(
                case when living_standards_class = 'at_risk' then household_count else 0 end
            ) as at_risk_count
        from {{ ref("fct_living_standards_transitions") }}
        group by district_code, month, span_months
    ),

    months as (
        select
            district_code,
            month,
            sum(household_count) as household_count,
            sum(known_count) as known_count,
            sum(in_crisis_count) as in_crisis_count,
            sum(at_risk_count) as at_risk_count
        from {{ ref("fct_living_standards_month") }}
        group by district_code, month
    ),

    spans_expected as (
        select
            later.*,
            case
                when earlier.month = later.month - interval '1 month' then 1 else 12
            end as span_months
        from months as later
        inner join
            months as earlier
            on later.district_code = earlier.district_code
            and earlier.month
            in (later.month - interval '1 month', later.month - interval '12 months')
    )

select
    coalesce(spans_expected.district_code, transitions.district_code) as district_code,
    coalesce(spans_expected.month, transitions.month) as month
from spans_expected
full outer join
    transitions
    on spans_expected.district_code = transitions.district_code
    and spans_expected.month = transitions.month
    and spans_expected.span_months = transitions.span_months
where
    spans_expected.household_count is distinct from transitions.household_count
    or spans_expected.known_count is distinct from transitions.known_count
    or spans_expected.in_crisis_count is distinct from transitions.in_crisis_count
    or spans_expected.at_risk_count is distinct from transitions.at_risk_count
