-- Pounds and claims per district and month from the claims as landed, cut to the month here in one
-- step, against the fact. The fact may neither lose a claim in the join to households nor count one
-- twice; claims without a day in the month, or undecided, are the only ones left out.
with

    claims as (select * from {{ ref("stg_housing_benefit__claims") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    claim_months as (select * from {{ ref("int_housing_benefit__claim_months") }}),

    benefit_spend as (select * from {{ ref("fct_benefit_spend") }}),

    months as (select * from {{ ref("fct_housing_benefit_month") }}),

    landed_days as (
        select
            claims.*,
            coalesce(
                least(claims.valid_to, claims.claim_to, {{ last_day_of("claims.month") }}),
                {{ last_day_of("claims.month") }}
            ) as ends_on,
            greatest(coalesce(claims.valid_from, claims.claim_from), claims.month) as begins_on
        from claims
        inner join extract_in_force on claims.extract_id = extract_in_force.extract_id
        where claims.claim_status <> 'other' or claims.claim_to is not null
    ),

    landed as (
        select
            district_code,
            month,
            count(distinct claim_key) as claim_count,
            sum(
                round(
                    (
                        weekly_hb_gbp
                        + coalesce(weekly_hb_local_gbp, 0)
                        + coalesce(weekly_hb_threshold_gbp, 0)
                    )
                    * ({{ days_between("begins_on", "ends_on") }} + 1)
                    / 7,
                    2
                )
            ) as accrued_gbp
        from landed_days
        where ends_on >= begins_on
        group by district_code, month
    ),

    claims_kept as (
        select district_code, month, count(distinct claim_key) as claim_count
        from claim_months
        where days_awarded_count > 0
        group by district_code, month
    ),

    in_fact as (
        select district_code, month, sum(accrued_gbp) as accrued_gbp
        from benefit_spend
        where benefit_code = 'hb'
        group by district_code, month
    ),

    in_months as (
        select district_code, month, sum(accrued_gbp) as accrued_gbp
        from months
        group by district_code, month
    )

select landed.district_code, landed.month, in_fact.accrued_gbp, in_months.accrued_gbp as added_gbp
from landed
full outer join
    in_fact on landed.district_code = in_fact.district_code and landed.month = in_fact.month
left join
    claims_kept
    on in_fact.district_code = claims_kept.district_code
    and in_fact.month = claims_kept.month
left join
    in_months on in_fact.district_code = in_months.district_code and in_fact.month = in_months.month
where
    landed.accrued_gbp is null
    or cast(round(landed.accrued_gbp, 2) as decimal(18, 2)) is distinct from in_fact.accrued_gbp
    or in_months.accrued_gbp is distinct from in_fact.accrued_gbp
    or landed.claim_count is distinct from claims_kept.claim_count
