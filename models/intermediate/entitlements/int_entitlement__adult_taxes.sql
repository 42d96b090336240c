with

    adults as (select * from {{ ref("int_entitlement__adults") }}),

    winter_fuel_shares as (select * from {{ ref("int_entitlement__winter_fuel_shares") }}),

    child_benefit as (select * from {{ ref("int_entitlement__child_benefit") }}),

    rates as (select * from {{ ref("int_entitlement_rates_tax") }}),

    allowances as (
        select
            adults.person_number,
            adults.unit_number,
            adults.is_claimant,
            adults.period_key,
            adults.taxed_earnings_gbp as earnings_gbp,
            adults.taxable_income_gbp,
            rates.personal_allowance - least(
                greatest(adults.taxable_income_gbp - rates.allowance_withdrawal_from, 0)
                * rates.allowance_withdrawal,
                rates.personal_allowance
            ) as personal_allowance_gbp
        from adults
        inner join rates on adults.period_key = rates.period_key
    ),

    couples as (
        select
            unit_number,
            sum(greatest(personal_allowance_gbp - taxable_income_gbp, 0)) as unused_allowance_gbp
        from allowances
        where is_claimant
        group by unit_number
        having count(*) = 2 and unused_allowance_gbp > 0
    ),

    -- The charge falls on the higher income; of two equal ones, on the first of the two.
    highest_incomes as (
        select
            allowances.unit_number,
            min_by(
                allowances.person_number,
                (- allowances.taxable_income_gbp, allowances.person_number)
            ) as person_number,
            any_value(child_benefit.child_benefit_gbp) as child_benefit_gbp
        from allowances
        inner join rates on allowances.period_key = rates.period_key
        inner join child_benefit on allowances.unit_number = child_benefit.unit_number
        where allowances.is_claimant and allowances.taxable_income_gbp > rates.hicbc_threshold
        group by allowances.unit_number
    ),

    -- What the other partner leaves unused, up to a tenth of the allowance rounded up to 10 pounds.
    taxpayers as (
        select
            allowances.*,
            greatest(
                allowances.taxable_income_gbp - allowances.personal_allowance_gbp, 0
            ) as taxed_income_gbp,
            greatest(
                allowances.earnings_gbp - allowances.personal_allowance_gbp, 0
            ) as taxed_earnings_gbp,
            case
                when couples.unit_number is not null and allowances.is_claimant
                then
                    least(
                        couples.unused_allowance_gbp - greatest(
                            allowances.personal_allowance_gbp - allowances.taxable_income_gbp, 0
                        ),
                        ceil(rates.personal_allowance * rates.marriage_allowance_share / 10) * 10
                    )
                else 0
            end as offered_allowance_gbp,
            rates.rate_basic,
            rates.rate_higher - rates.rate_basic as rate_step_higher,
            rates.rate_additional - rates.rate_higher as rate_step_additional,
            rates.basic_rate_limit,
            rates.higher_rate_limit,
            least(
                floor(
                    greatest(allowances.taxable_income_gbp - rates.hicbc_threshold, 0)
                    / ((rates.hicbc_full_charge - rates.hicbc_threshold) / 100)
                )
                / 100,
                1
            ) as child_benefit_charge_share,
            allowances.taxable_income_gbp > rates.winter_fuel_charge_above as repays_winter_fuel
        from allowances
        left join couples on allowances.unit_number = couples.unit_number
        inner join rates on allowances.period_key = rates.period_key
    ),

    taxes as (
        select
            *,
            rate_basic * taxed_income_gbp
            + rate_step_higher * greatest(taxed_income_gbp - basic_rate_limit, 0)
            + rate_step_additional
            * greatest(taxed_income_gbp - higher_rate_limit, 0) as tax_before_reduction_gbp,
            rate_basic * taxed_earnings_gbp
            + rate_step_higher * greatest(taxed_earnings_gbp - basic_rate_limit, 0)
            + rate_step_additional
            * greatest(taxed_earnings_gbp - higher_rate_limit, 0) as earnings_tax_gbp,
            case
                when taxed_income_gbp <= basic_rate_limit
                then offered_allowance_gbp * rate_basic
                else 0
            end as reduction_gbp
        from taxpayers
    )

select
    taxes.person_number,
    taxes.unit_number,
    taxes.personal_allowance_gbp,
    taxes.taxed_income_gbp,
    taxes.tax_before_reduction_gbp,
    least(taxes.reduction_gbp, taxes.tax_before_reduction_gbp) as marriage_allowance_gbp,
    greatest(taxes.tax_before_reduction_gbp - taxes.reduction_gbp, 0) as tax_before_charges_gbp,
    greatest(taxes.earnings_tax_gbp - taxes.reduction_gbp, 0) as tax_on_earnings_gbp,
    case
        when highest_incomes.person_number is not null
        then floor(floor(highest_incomes.child_benefit_gbp) * taxes.child_benefit_charge_share)
        else 0
    end as child_benefit_charge_gbp,
    case
        when taxes.repays_winter_fuel then coalesce(winter_fuel_shares.shared_payment_gbp, 0) else 0
    end as winter_fuel_charge_gbp
from taxes
left join highest_incomes on taxes.person_number = highest_incomes.person_number
left join winter_fuel_shares on taxes.person_number = winter_fuel_shares.person_number
