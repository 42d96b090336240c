with

    incomes as (select * from {{ ref("int_entitlement__local_incomes") }}),

    scheme_shares as (select * from {{ ref("int_entitlement__scheme_shares") }}),

    shares as (
        select
            incomes.*,
            scheme_shares.is_comparable,
            scheme_shares.reduction_pct,
            case
                when incomes.scheme_kind = 'means_test'
                then incomes.excess_income_gbp * incomes.taper_pct / 100
                else 0
            end as taper_gbp
        from incomes
        inner join
            scheme_shares
            on incomes.scheme_key = scheme_shares.scheme_key
            and incomes.household_type = scheme_shares.household_type
            and incomes.counted_income_gbp >= scheme_shares.income_from_gbp
            and (
                scheme_shares.income_to_gbp is null
                or incomes.counted_income_gbp < scheme_shares.income_to_gbp
            )
    ),

    shares_met as (
        select
            *,
            greatest(
                capped_liability_gbp
                - case when is_deducted_before_share then non_dependant_deduction_gbp else 0 end,
                0
            )
            * reduction_pct
            / 100 as share_met_gbp
        from shares
    ),

    awards as (
        select
            *,
            greatest(
                share_met_gbp
                - taper_gbp
                - case when is_deducted_before_share then 0 else non_dependant_deduction_gbp end,
                0
            ) as weekly_award_gbp
        from shares_met
    )

select
    unit_number,
    home_number,
    scheme_key,
    is_own,
    is_passported,
    is_comparable,
    reduction_pct,
    weekly_liability_gbp * 52 as council_tax_gbp,
    capped_liability_gbp * 52 as liability_gbp,
    counted_income_gbp * 52 as counted_income_gbp,
    non_dependant_deduction_gbp * 52 as non_dependant_deduction_gbp,
    share_met_gbp * 52 as share_met_gbp,
    taper_gbp * 52 as taper_gbp,
    case
        when not is_comparable or capped_liability_gbp is null
        then null
        when not is_within_capital_limit or weekly_award_gbp < minimum_award_gbp
        then 0
        else weekly_award_gbp * 52
    end as award_gbp
from awards
