with

    outcomes as (
        select * from {{ ref("fct_campaign_outcomes") }} where outcome_source = 'reported'
    ),

    reported as (
        select *
        from {{ ref("stg_campaigns__reported_outcomes") }}
        where applied_date is not null or awarded_date is not null
    ),

    told as (
        select
            campaign_key,
            count(*) as households,
            {% for kind in ["one_off", "annualised", "lifetime", "back_dated"] %}
                sum({{ kind }}_gbp) as {{ kind }}_gbp{{ "," if not loop.last }}
            {% endfor %}
        from outcomes
        group by campaign_key
    ),

    sent as (
        select
            campaign_key,
            count(*) as households,
            {% for kind in ["one_off", "annualised", "lifetime", "back_dated"] %}
                sum({{ kind }}_gbp) as {{ kind }}_gbp{{ "," if not loop.last }}
            {% endfor %}
        from reported
        group by campaign_key
    )

select coalesce(told.campaign_key, sent.campaign_key) as campaign_key
from told
full outer join sent on told.campaign_key = sent.campaign_key
where
    told.households is distinct from sent.households
    {% for kind in ["one_off", "annualised", "lifetime", "back_dated"] %}
        or told.{{ kind }}_gbp is distinct from sent.{{ kind }}_gbp
    {% endfor %}
