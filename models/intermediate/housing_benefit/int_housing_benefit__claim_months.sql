{{ config(schema="slices", tags=["month_local"]) }}

with

    claims as (select * from {{ ref("stg_housing_benefit__claims") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    payment_periods as (select * from {{ ref("payment_periods") }}),

    claims_in_force as (
        select claims.*, {{ last_day_of("claims.month") }} as month_end
        from claims
        inner join extract_in_force on claims.extract_id = extract_in_force.extract_id
    ),

    -- A row without dates of its own tells how things stand at the month's end: it counts for the
    -- month since the claim began, and until the claim ended.
    claims_bounded as (
        select
            *,
            coalesce(valid_from, claim_from, month) as begun_on,
            case
                when valid_to is null or claim_to < valid_to then claim_to else valid_to
            end as ended_on
        from claims_in_force
    ),

    claims_cut_to_month as (
        select
            *,
            case when begun_on > month then begun_on else month end as first_day,
            case when ended_on < month_end then ended_on else month_end end as last_day
        from claims_bounded
    ),

    -- A claim that is neither paid, suspended nor ended (undecided, refused) gives right to
    -- nothing.
    days_counted as (
        select
            *,
            case
                when last_day < first_day or (claim_status = 'other' and ended_on is null)
                then 0
                else {{ days_between("first_day", "last_day") }} + 1
            end as days_awarded_count,
            weekly_hb_gbp
            + coalesce(weekly_hb_local_gbp, 0)
            + coalesce(weekly_hb_threshold_gbp, 0) as weekly_benefit_gbp
        from claims_cut_to_month
    ),

    -- An extract that restates earlier months gives the status of its own: a claim that has ended
    -- since was still in payment at the end of a month before.
    standing_at_month_end as (
        select
            *,
            days_awarded_count > 0
            and last_day = month_end
            and (
                claim_status = 'in_payment' or (claim_status = 'ended' and ended_on > month_end)
            ) as is_in_payment,
            days_awarded_count > 0
            and last_day = month_end
            and claim_status = 'suspended' as is_suspended
        from days_counted
    )

select
    standing_at_month_end.district_code,
    standing_at_month_end.month,
    standing_at_month_end.claim_key,
    standing_at_month_end.begun_on,
    standing_at_month_end.claim_from,
    standing_at_month_end.is_in_payment,
    standing_at_month_end.is_in_payment or standing_at_month_end.is_suspended as is_running,
    cast(standing_at_month_end.weekly_benefit_gbp as decimal(18, 2)) as weekly_benefit_gbp,
    standing_at_month_end.days_awarded_count,
    -- A seventh of a penny never falls on a half, so rounding has no ties to settle.
    cast(
        round(
            standing_at_month_end.weekly_benefit_gbp * standing_at_month_end.days_awarded_count / 7,
            2
        ) as decimal(18, 2)
    ) as accrued_gbp,
    standing_at_month_end.tenancy,
    standing_at_month_end.passport,
    standing_at_month_end.weekly_eligible_rent_gbp,
    {{
        weekly_gbp(
            "standing_at_month_end.contractual_rent_gbp",
            "payment_periods.weekly_multiplier",
            "payment_periods.weekly_divisor",
        )
    }} as weekly_contractual_rent_gbp,
    coalesce(
        standing_at_month_end.is_lha, standing_at_month_end.weekly_lha_gbp is not null
    ) as is_lha,
    standing_at_month_end.lha_room_count,
    standing_at_month_end.weekly_lha_gbp,
    cast(
        standing_at_month_end.claimant_capital_gbp
        + coalesce(standing_at_month_end.partner_capital_gbp, 0) as decimal(18, 2)
    ) as capital_gbp,
    standing_at_month_end.claimant_age_at_month_end,
    standing_at_month_end.claimant_pension_age_month,
    standing_at_month_end.partner_age_at_month_end,
    standing_at_month_end.partner_pension_age_month,
    standing_at_month_end.has_partner,
    standing_at_month_end.dependant_count,
    standing_at_month_end.non_dependant_count,
    standing_at_month_end.has_disability_premium,
    standing_at_month_end.has_severe_disability_premium,
    standing_at_month_end.has_enhanced_disability_premium,
    standing_at_month_end.has_disabled_child_premium,
    standing_at_month_end.has_carer_premium,
    standing_at_month_end.is_benefit_capped,
    standing_at_month_end.is_joint_tenancy,
    {{ build_id() }} as build_id
from standing_at_month_end
left join
    payment_periods on standing_at_month_end.contractual_rent_period = payment_periods.period_code
