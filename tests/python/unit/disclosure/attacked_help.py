"""Help in the attacked county: awards as a fund's return counts them, and campaigns.

Campaigns choose among the made-up homes: a large one, one with few in most districts, and one that
brings hardly anything, so that small cells stand among large ones.
"""

from __future__ import annotations

import duckdb

_RETURNS = """
    select
        district_code, award_key, awards.month, household_key, fund, award_reason, award_gbp,
        cast(date_trunc('quarter', awards.month) as date) as quarter_month,
        strftime(date_trunc('quarter', awards.month), 'quarter from %B %Y') as quarter_label,
        if(award_reason in ('food', 'energy_and_water'), 'crisis_payments', 'housing_payments')
            as strand,
        case hash(coalesce(household_key, award_key)) % 9
            when 0 then 'not_known' when 1 then 'pension_age' when 2 then 'with_children'
            else 'working_age'
        end as household_kind,
        hash(coalesce(household_key, award_key)) % 4 = 0 as has_disability,
        sum(award_gbp) over (partition by district_code, date_trunc('quarter', awards.month),
            coalesce(household_key, award_key)) as household_quarter_gbp
    from marts.fct_discretionary_awards as awards
"""

# Name, whom it chooses, held out, reported, recognised of those contacted and of those held out.
_CAMPAIGNS = {
    "large": ("who % 3 = 0", "luck % 5 = 0", "luck % 4 = 1", "luck % 3 = 1", "who % 7 = 0"),
    "small": ("who % 29 = 0", "luck % 9 = 0", "luck % 4 = 1", "luck % 6 = 1", "who % 5 = 0"),
    "bare": ("who % 5 = 1", "luck % 10 = 0", "luck % 40 = 1", "luck % 30 = 1", "who % 25 = 1"),
}
_CHOSEN = " union all ".join(
    f"""
    select
        '{name}' as campaign_key, *, {awarded} as is_awarded, {reported} as is_reported,
        if({held_out}, {held_awarded}, {recognised}) as is_recognised,
        if({held_out}, 'holdout', 'contact') as arm
    from chance where {chosen}
    """
    for name, (chosen, held_out, awarded, recognised, held_awarded) in _CAMPAIGNS.items()
    for reported in ("luck % 4 < 3",)
)
_MARTS = {
    "fct_fund_return_awards": _RETURNS,
    "dim_campaign": """
        select distinct
            campaign_key, 'Campaign ' || campaign_key as campaign_name, 'evaluated' as stage,
            cast(500 as decimal(18, 2)) as cost_gbp, 'letter' as channel,
            date '2026-06-20' as completed_date, 'effect_shown' as verdict
        from chosen
    """,
    "fct_campaign_stages": "select 'evaluated' as stage, 5 as stage_number, "
    "3 as campaign_count, 3 as reached_count",
    "fct_campaign_contacts": """
        select
            campaign_key, district_code, household_key, arm, date '2026-05-01' as month,
            cast(if(who % 6 = 0, 0, 10 + who) as decimal(18, 2)) as expected_gbp,
            if(arm = 'contact' and luck % 7 > 0, date '2026-05-20', null) as contacted_date,
            if(arm = 'contact' and luck % 7 > 3, date '2026-05-25', null) as reached_date
        from chosen
    """,
    "fct_campaign_outcomes": """
        select
            campaign_key, district_code, household_key, arm, date '2026-05-01' as month,
            'reported' as outcome_source, date '2026-05-28' as applied_date,
            if(is_awarded, date '2026-06-10', null) as awarded_date,
            if(luck % 5 > 0, 30, 120) as days_until_award_count,
            cast(if(is_awarded and who % 4 = 0, 50 + luck, null) as decimal(18, 2)) as one_off_gbp,
            cast(if(is_awarded and who % 4 > 0, 200 + luck, null) as decimal(18, 2))
                as annualised_gbp,
            cast(if(is_awarded and who % 9 = 0, 2000 + luck, null) as decimal(18, 2))
                as lifetime_gbp,
            cast(if(is_awarded and who % 8 = 0, 90 + luck, null) as decimal(18, 2))
                as back_dated_gbp
        from chosen where arm = 'contact' and is_reported
        union all
        select
            campaign_key, district_code, household_key, arm, date '2026-05-01' as month,
            'recognised', null, date '2026-06-01', if(luck % 5 > 0, 30, 120), null,
            cast(150 + luck as decimal(18, 2)), null, null
        from chosen where is_recognised
    """,
    "fct_campaign_income": """
        select
            district_code, household_key, outcome_source, min(month) as month,
            cast(count(*) as integer) as campaign_count,
            coalesce(sum(one_off_gbp), 0) as one_off_gbp,
            coalesce(sum(annualised_gbp), 0) as annualised_gbp,
            coalesce(sum(lifetime_gbp), 0) as lifetime_gbp,
            coalesce(sum(back_dated_gbp), 0) as back_dated_gbp
        from marts.fct_campaign_outcomes
        where arm = 'contact' and awarded_date is not null
        group by all
    """,
}


def fill(con: duckdb.DuckDBPyConnection, seed: str) -> None:
    """Fill the marts of returns and campaigns from the awards and homes that are there."""
    con.execute(
        "create temp table chance as select district_code, household_key, who,"
        f" cast(hash('{seed}' || 'campaign' || household_key) % 1000 as integer) as luck from homes"
    )
    con.execute(f"create temp table chosen as {_CHOSEN}")
    for mart, query in _MARTS.items():
        con.execute(f"insert into marts.{mart} by name {query}")
