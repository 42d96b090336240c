with

    spells as (select * from {{ ref("fct_living_standards_spells") }}),

    living_standards as (
        select household_key, month, lsoa_code from {{ ref("fct_living_standards") }}
    ),

    look_backs as (
        select * from {{ ref("int_living_standards__look_backs") }} where is_look_back_held
    ),

    arrears as (select * from {{ ref("fct_arrears") }} where overdue_gbp > 0),

    discretionary_awards as (select * from {{ ref("fct_discretionary_awards") }}),

    account_households as (
        select district_code, account_key, household_key, 'council_tax' as debt_type
        from {{ ref("int_household_accounts") }}
        union all
        select district_code, rent_account_key as account_key, household_key, 'rent' as debt_type
        from {{ ref("int_household_rent_accounts") }}
    ),

    -- A row of the fact is a means-tested benefit: only whoever has none in the look-back is left.
    without_benefit_before as (
        select
            spells.district_code,
            spells.household_key,
            spells.first_month as month,
            spells.living_standards_class,
            cast(
                spells.first_month - look_backs.look_back_months * interval '1 month' as date
            ) as look_back_from
        from spells
        inner join
            look_backs
            on spells.district_code = look_backs.district_code
            and spells.first_month = look_backs.month
        where
            spells.shortfall_from_month = spells.first_month
            and (
                spells.last_month_before is null
                or spells.last_month_before
                < spells.first_month - look_backs.look_back_months * interval '1 month'
            )
    ),

    with_arrears as (
        select without_benefit_before.household_key, without_benefit_before.month
        from without_benefit_before
        inner join
            account_households
            on without_benefit_before.household_key = account_households.household_key
        inner join
            arrears
            on account_households.district_code = arrears.district_code
            and account_households.account_key = arrears.account_key
            and account_households.debt_type = arrears.debt_type
            and arrears.month >= without_benefit_before.look_back_from
            and arrears.month < without_benefit_before.month
        group by without_benefit_before.household_key, without_benefit_before.month
    ),

    with_awards as (
        select without_benefit_before.household_key, without_benefit_before.month
        from without_benefit_before
        inner join
            discretionary_awards
            on without_benefit_before.household_key = discretionary_awards.household_key
            and discretionary_awards.month >= without_benefit_before.look_back_from
            and discretionary_awards.month < without_benefit_before.month
        group by without_benefit_before.household_key, without_benefit_before.month
    )

select
    without_benefit_before.district_code,
    without_benefit_before.household_key,
    without_benefit_before.month,
    living_standards.lsoa_code,
    without_benefit_before.living_standards_class,
    with_arrears.household_key is not null as had_arrears,
    with_awards.household_key is not null as had_discretionary_award,
    with_arrears.household_key is null and with_awards.household_key is null as is_new_to_hardship,
    {{ build_id() }} as build_id
from without_benefit_before
inner join
    living_standards
    on without_benefit_before.household_key = living_standards.household_key
    and without_benefit_before.month = living_standards.month
left join
    with_arrears
    on without_benefit_before.household_key = with_arrears.household_key
    and without_benefit_before.month = with_arrears.month
left join
    with_awards
    on without_benefit_before.household_key = with_awards.household_key
    and without_benefit_before.month = with_awards.month
