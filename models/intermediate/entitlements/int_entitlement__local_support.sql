with

    incomes as (select * from {{ ref("int_entitlement__local_incomes") }}),

    scheme_bands as (select * from {{ ref("int_entitlement_scheme_bands") }}),

    household_types as (
        select scheme_key, household_type from scheme_bands group by scheme_key, household_type
    ),

    shares as (
        select
            incomes.*,
            incomes.scheme_kind in ('means_test', 'discount')
            or household_types.household_type is not null as is_comparable,
            case
                when incomes.scheme_kind in ('means_test', 'discount')
                then incomes.maximum_pct
                else coalesce(scheme_bands.reduction_pct, 0)
            end as reduction_pct,
            case
                when incomes.scheme_kind = 'means_test'
                then incomes.excess_income_gbp * incomes.taper_pct / 100
                else 0
            end as taper_gbp
        from incomes
        left join
            household_types
            on incomes.scheme_key = household_types.scheme_key
            and household_types.household_type
            in (incomes.type_of_four, incomes.type_of_three, 'all')
        left join
            scheme_bands
            on household_types.scheme_key = scheme_bands.scheme_key
            and household_types.household_type = scheme_bands.household_type
            and incomes.counted_income_gbp >= scheme_bands.income_from_gbp
            and (
                scheme_bands.income_to_gbp is null
                or incomes.counted_income_gbp < scheme_bands.income_to_gbp
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
