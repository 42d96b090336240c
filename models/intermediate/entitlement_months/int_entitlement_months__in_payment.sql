with

    households as (select * from {{ ref("int_entitlement_households") }}),

    awards as (select * from {{ ref("int_uc__circumstances") }}),

    support as (select * from {{ ref("int_cts__circumstances") }}),

    incomes as (select * from {{ ref("int_entitlement_incomes") }}),

    people as (select * from {{ ref("int_entitlement_people") }}),

    told_among_incomes as (
        select
            people.unit_number,
            sum(
                case
                    when incomes.income_kind = 'pension_credit_savings'
                    then incomes.annual_gbp
                    else 0
                end
            ) as savings_credit_gbp,
            sum(
                case when incomes.income_kind = 'child_benefit' then incomes.annual_gbp else 0 end
            ) as child_benefit_gbp
        from incomes
        inner join people on incomes.person_number = people.person_number
        where incomes.income_kind in ('pension_credit_savings', 'child_benefit')
        group by people.unit_number
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
    support.household_key is not null as has_support,
    coalesce(awards.has_cts_interest, false) as has_interest_in_support,
    awards.rates_from as universal_credit_rates_from,
    coalesce(awards.award_gbp, 0) * 12 as universal_credit_gbp,
    coalesce(support.weekly_award_gbp, 0) * 52 as support_gbp,
    coalesce(told_among_incomes.savings_credit_gbp, 0) as savings_credit_gbp,
    -- Only a Housing Benefit claim whose means are tested lists it.
    case
        when households.source_feed = 'housing_benefit' and households.is_income_known
        then coalesce(told_among_incomes.child_benefit_gbp, 0)
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
left join told_among_incomes on households.unit_number = told_among_incomes.unit_number
