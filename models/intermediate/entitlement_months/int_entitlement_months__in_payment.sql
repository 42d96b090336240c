with

    households as (select * from {{ ref("int_entitlement_households") }}),

    awards as (select * from {{ ref("int_uc__circumstances") }}),

    household_awards as (select * from {{ ref("int_cts__household_awards") }}),

    incomes as (select * from {{ ref("int_housing_benefit__income_months") }}),

    -- Two periods in payment on one day would be two claims of a unit.
    support as (
        select district_code, household_key, month, sum(weekly_award_gbp) as weekly_award_gbp
        from household_awards
        where is_in_payment
        group by district_code, household_key, month
    ),

    told_among_incomes as (
        select
            district_code,
            household_key,
            month,
            sum(
                case when income_kind = 'pension_credit_savings' then weekly_income_gbp else 0 end
            ) as weekly_savings_credit_gbp,
            sum(
                case when income_kind = 'child_benefit' then weekly_income_gbp end
            ) as weekly_child_benefit_gbp
        from incomes
        group by district_code, household_key, month
    )

select
    households.unit_number,
    households.month,
    households.source_feed,
    households.passport,
    households.are_people_known,
    households.are_childrens_ages_known,
    households.is_income_known,
    households.is_capital_known,
    households.is_rent_known,
    households.passport = 'pension_credit_guarantee' as is_on_guarantee_credit,
    households.is_claim_suspended,
    awards.household_key is not null as is_on_universal_credit,
    coalesce(awards.has_cts_interest, false) as has_interest_in_support,
    awards.rates_from as universal_credit_rates_from,
    coalesce(awards.award_gbp, 0) * 12 as universal_credit_gbp,
    coalesce(support.weekly_award_gbp, 0) * 52 as support_gbp,
    coalesce(told_among_incomes.weekly_savings_credit_gbp, 0) * 52 as savings_credit_gbp,
    -- Only a Housing Benefit claim whose means are tested lists it.
    case
        when households.source_feed = 'housing_benefit' and households.is_income_known
        then coalesce(told_among_incomes.weekly_child_benefit_gbp, 0) * 52
    end as child_benefit_gbp
from households
left join
    awards
    on households.district_code = awards.district_code
    and households.household_key = awards.household_key
    and households.month = awards.month
left join
    support
    on households.district_code = support.district_code
    and households.household_key = support.household_key
    and households.month = support.month
left join
    told_among_incomes
    on households.district_code = told_among_incomes.district_code
    and households.household_key = told_among_incomes.household_key
    and households.month = told_among_incomes.month
