-- One, every day and every penny of each assessment period, over its calendar months. A period
-- longer than three calendar months would lose days here.
with

    awards as (select * from {{ ref("stg_universal_credit__awards") }}),

    award_months as (select * from {{ ref("stg_universal_credit__award_months") }}),

    shares_added as (
        select
            extract_id,
            uc_key,
            period_start,
            sum(share_ratio) as share_ratio,
            sum(days_in_month_count) as days,
            sum(accrued_gbp) as accrued_gbp,
            sum(accrued_net_gbp) as accrued_net_gbp,
            sum(case when is_month_of_period_end then 1 else 0 end) as ends
        from award_months
        group by extract_id, uc_key, period_start
    )

select awards.extract_id, awards.uc_key, awards.period_start
from awards
full outer join
    shares_added
    on awards.extract_id = shares_added.extract_id
    and awards.uc_key = shares_added.uc_key
    and awards.period_start = shares_added.period_start
where
    shares_added.share_ratio is distinct from 1
    or shares_added.ends is distinct from 1
    or shares_added.days
    is distinct from {{ days_between("awards.period_start", "awards.period_end") }}
    + 1
    or shares_added.accrued_gbp is distinct from awards.award_gbp
    or shares_added.accrued_net_gbp is distinct from awards.net_award_gbp
