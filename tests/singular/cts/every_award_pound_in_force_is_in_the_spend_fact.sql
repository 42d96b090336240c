-- Pounds per district and month from the awards as landed, cut to the month here in pence and
-- whole days, against the fact. The fact may neither lose a claim in the join to households nor
-- count one twice.
with

    awards as (select * from {{ ref("stg_cts__awards") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    benefit_spend as (select * from {{ ref("fct_benefit_spend") }}),

    landed as (
        select
            awards.district_code,
            awards.month,
            sum(
                round(
                    awards.weekly_award_gbp * (
                        {{
                            days_between(
                                "greatest(awards.award_from, awards.month)",
                                "least(coalesce(awards.award_to, "
                                ~ last_day_of("awards.month")
                                ~ "), "
                                ~ last_day_of("awards.month")
                                ~ ")",
                            )
                        }} + 1
                    )
                    / 7,
                    2
                )
            ) as accrued_gbp,
            sum(awards.retrospective_adjustment_gbp) as retrospective_adjustment_gbp,
            sum(awards.posted_credit_gbp) as posted_credit_gbp
        from awards
        inner join extract_in_force on awards.extract_id = extract_in_force.extract_id
        group by awards.district_code, awards.month
    ),

    in_fact as (
        select
            district_code,
            month,
            sum(accrued_gbp) as accrued_gbp,
            sum(retrospective_adjustment_gbp) as retrospective_adjustment_gbp,
            sum(posted_credit_gbp) as posted_credit_gbp
        from benefit_spend
        where benefit_code = 'cts'
        group by district_code, month
    )

select *
from landed
full outer join
    in_fact on landed.district_code = in_fact.district_code and landed.month = in_fact.month
where
    landed.district_code is null
    or in_fact.district_code is null
    or cast(round(landed.accrued_gbp, 2) as decimal(18, 2)) <> in_fact.accrued_gbp
    or landed.retrospective_adjustment_gbp <> in_fact.retrospective_adjustment_gbp
    or landed.posted_credit_gbp <> in_fact.posted_credit_gbp
