with

    households as (select * from {{ ref("int_entitlement_households") }}),

    people as (select * from {{ ref("int_entitlement_people") }}),

    claim_incomes as (select * from {{ ref("int_housing_benefit__income_months") }}),

    awards as (select * from {{ ref("int_uc__circumstances") }}),

    support as (select * from {{ ref("int_cts__circumstances") }}),

    incomes as (
        select
            'housing_benefit' as source_feed,
            district_code,
            household_key,
            month,
            case when person_role = 'partner' then 'partner' else 'claimant' end as person_key,
            income_kind,
            weekly_income_gbp * 52 as annual_gbp
        from claim_incomes
        union all
        select
            'universal_credit' as source_feed,
            district_code,
            household_key,
            month,
            'claimant' as person_key,
            'employment_net' as income_kind,
            case when are_both_working then earnings_gbp / 2 else earnings_gbp end
            * 12 as annual_gbp
        from awards
        where earnings_gbp > 0
        union all
        -- Who of two earns how much is not told.
        select
            'universal_credit' as source_feed,
            district_code,
            household_key,
            month,
            'partner' as person_key,
            'employment_net' as income_kind,
            earnings_gbp / 2 * 12 as annual_gbp
        from awards
        where are_both_working
        union all
        select
            'universal_credit' as source_feed,
            district_code,
            household_key,
            month,
            'claimant' as person_key,
            'other' as income_kind,
            unearned_gbp * 12 as annual_gbp
        from awards
        where unearned_gbp > 0
        union all
        -- Where Carer's Allowance is paid it is among the other income: told, and not counted
        -- twice.
        select
            'universal_credit' as source_feed,
            district_code,
            household_key,
            month,
            case
                when has_partner and has_limited_capability then 'partner' else 'claimant'
            end as person_key,
            'carers_allowance' as income_kind,
            0 as annual_gbp
        from awards
        where has_carer
        union all
        select
            'cts' as source_feed,
            district_code,
            household_key,
            month,
            'claimant' as person_key,
            'other' as income_kind,
            weekly_income_gbp * 52 as annual_gbp
        from support
        where weekly_income_gbp > 0 and not is_passported and not is_on_uc
    )

-- An income of the household is counted with the claimant's.
select
    people.person_number,
    incomes.income_kind,
    cast(sum(incomes.annual_gbp) as decimal(18, 2)) as annual_gbp
from incomes
inner join
    households
    on incomes.source_feed = households.source_feed
    and incomes.household_key = households.household_key
    and incomes.month = households.month
inner join
    people on households.unit_number = people.unit_number and incomes.person_key = people.person_key
group by people.person_number, incomes.income_kind
union all
-- What a claim lists of a non-dependant's pay is gross.
select
    person_number,
    'employment' as income_kind,
    cast(weekly_gross_income_gbp * 52 as decimal(18, 2)) as annual_gbp
from people
where weekly_gross_income_gbp > 0
