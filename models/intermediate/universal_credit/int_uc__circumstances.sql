{%- set pounds = [
    "uc_child",
    "uc_child_first_born_before_2017_04_06",
    "uc_disabled_child_lower",
    "uc_disabled_child_higher",
    "uc_lcw",
    "uc_lcwra",
    "uc_lcwra_new",
    "uc_capital_disregarded",
    "uc_capital_step",
    "uc_capital_income_per_step",
] %}

with

    months_assessed as (select period_key from {{ ref("int_entitlement_periods") }}),

    periods as (
        select award_periods.*
        from {{ ref("int_uc__periods") }} as award_periods
        inner join months_assessed on award_periods.month = months_assessed.period_key
    ),

    benefit_rates as (select * from {{ ref("benefit_rates") }}),

    rate_days as (select valid_from, valid_to from benefit_rates where rate_code = 'uc_child'),

    -- Elements have the rates of the day on which the period begins; exact pence, since amounts
    -- are compared.
    rates as (
        select
            rate_days.valid_from,
            rate_days.valid_to,
            {%- for code in pounds %}
                cast({{ rate(code) }} as decimal(18, 2)) as {{ code[3:] }},
            {%- endfor %}
            {{ rate("uc_childcare_share") }} as childcare_share
        from rate_days
        inner join
            benefit_rates
            on rate_days.valid_from between benefit_rates.valid_from and benefit_rates.valid_to
        group by rate_days.valid_from, rate_days.valid_to
    ),

    -- Two claims of one unit would be a couple that each claim alone: the larger award tells.
    periods_ranked as (
        select
            *,
            row_number() over (
                partition by district_code, household_key, month
                order by award_gbp desc, period_start desc, uc_key
            ) as period_rank
        from periods
        where household_key is not null
    ),

    with_rates as (
        select
            periods_ranked.*,
            rates.valid_from as rates_from,
            rates.lcw,
            rates.lcwra,
            rates.lcwra_new,
            rates.childcare_share,
            rates.disabled_child_lower,
            rates.disabled_child_higher,
            rates.child,
            coalesce(
                ceil(
                    greatest(periods_ranked.capital_gbp - rates.capital_disregarded, 0)
                    / rates.capital_step
                )
                * rates.capital_income_per_step,
                0
            ) as capital_income_gbp,
            cast(
                floor(periods_ranked.child_element_gbp / rates.child) as integer
            ) as paid_child_count,
            cast(
                round(
                    periods_ranked.disabled_child_element_gbp / rates.disabled_child_lower
                ) as integer
            ) as lower_count,
            cast(
                round(
                    periods_ranked.disabled_child_element_gbp / rates.disabled_child_higher
                ) as integer
            ) as higher_count
        from periods_ranked
        inner join rates on periods_ranked.period_start between rates.valid_from and rates.valid_to
        where periods_ranked.period_rank = 1
    )

-- No extract tells when children were born, who of them is disabled or what childcare costs: the
-- elements that the department awarded are what is left of it.
select
    district_code,
    household_key,
    month,
    uc_key,
    period_start,
    rates_from,
    claimant_age_at_month_end,
    claimant_pension_age_month,
    partner_age_at_month_end,
    has_partner,
    child_count,
    case
        when child_element_gbp = paid_child_count * child
        then 0
        when paid_child_count > 2
        then paid_child_count
        else 1
    end as child_born_before_2017_04_06_count,
    case
        when disabled_child_element_gbp = lower_count * disabled_child_lower
        then lower_count
        when disabled_child_element_gbp = higher_count * disabled_child_higher
        then 0
        else 1
    end as disabled_child_lower_count,
    case
        when disabled_child_element_gbp = lower_count * disabled_child_lower
        then 0
        when disabled_child_element_gbp = higher_count * disabled_child_higher
        then higher_count
        else round((disabled_child_element_gbp - disabled_child_lower) / disabled_child_higher)
    end as disabled_child_higher_count,
    health_element_gbp > 0 as has_limited_capability,
    health_element_gbp in (lcwra, lcwra_new) as has_lcwra,
    health_element_gbp = lcw as has_lcw_element,
    health_element_gbp = lcwra_new and lcwra_new <> lcwra as has_new_health_element,
    carer_element_gbp > 0 as has_carer,
    -- A couple has help with childcare only where both work.
    has_partner and childcare_element_gbp > 0 and earnings_gbp > 0 as are_both_working,
    cast(childcare_element_gbp / childcare_share as decimal(18, 2)) as childcare_gbp,
    housing_tenure,
    housing_element_gbp,
    earnings_gbp,
    -- Other income is counted together with what savings are taken to yield.
    cast(
        greatest(other_income_deduction_gbp - capital_income_gbp, 0) as decimal(18, 2)
    ) as unearned_gbp,
    capital_gbp,
    benefit_cap_reduction_gbp,
    award_gbp,
    deductions_gbp,
    has_cts_interest
from with_rates
