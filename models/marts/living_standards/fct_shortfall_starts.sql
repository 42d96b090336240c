with

    spells as (select * from {{ ref("fct_living_standards_spells") }}),

    living_standards as (
        select household_key, month, lsoa_code from {{ ref("fct_living_standards") }}
    ),

    look_backs as (select * from {{ ref("int_living_standards__look_backs") }}),

    arrears as (select * from {{ ref("fct_arrears") }} where overdue_gbp > 0),

    discretionary_awards as (select * from {{ ref("fct_discretionary_awards") }}),

    account_households as (
        select district_code, account_key, household_key, 'council_tax' as debt_type
        from {{ ref("int_household_accounts") }}
        union all
        select district_code, rent_account_key as account_key, household_key, 'rent' as debt_type
        from {{ ref("int_household_rent_accounts") }}
    ),

    -- A row of the fact is a means-tested benefit, so the spell before tells when there was one.
    starts as (
        select
            spells.district_code,
            spells.household_key,
            spells.first_month as month,
            spells.living_standards_class,
            spells.is_from_the_first_month,
            coalesce(look_backs.is_look_back_held, false) as is_look_back_held,
            case
                when
                    spells.last_month_before
                    >= (spells.first_month - look_backs.look_back_months * interval '1 month')
                then true
                when look_backs.is_look_back_held
                then false
            end as had_benefit,
            cast(
                spells.first_month - look_backs.look_back_months * interval '1 month' as date
            ) as look_back_from
        from spells
        left join
            look_backs
            on spells.district_code = look_backs.district_code
            and spells.first_month = look_backs.month
        where spells.shortfall_from_month = spells.first_month
    ),

    without_benefit_before as (select * from starts where had_benefit is distinct from true),

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
            and without_benefit_before.look_back_from <= arrears.month
            and without_benefit_before.month > arrears.month
        group by without_benefit_before.household_key, without_benefit_before.month
    ),

    with_awards as (
        select without_benefit_before.household_key, without_benefit_before.month
        from without_benefit_before
        inner join
            discretionary_awards
            on without_benefit_before.household_key = discretionary_awards.household_key
            and without_benefit_before.look_back_from <= discretionary_awards.month
            and without_benefit_before.month > discretionary_awards.month
        group by without_benefit_before.household_key, without_benefit_before.month
    )

-- Arrears and awards are looked for only where no benefit showed the household already. A sign that
-- is found tells, also where a part of the look-back is not held; that there is none does not.
select
    starts.district_code,
    starts.household_key,
    starts.month,
    living_standards.lsoa_code,
    starts.living_standards_class,
    starts.is_from_the_first_month,
    starts.is_look_back_held,
    starts.had_benefit,
    case
        when with_arrears.household_key is not null then true when not starts.had_benefit then false
    end as had_arrears,
    case
        when with_awards.household_key is not null then true when not starts.had_benefit then false
    end as had_discretionary_award,
    case
        when
            starts.had_benefit
            or with_arrears.household_key is not null
            or with_awards.household_key is not null
        then false
        when starts.is_look_back_held
        then true
    end as is_new_to_hardship,
    {{ build_id() }} as build_id
from starts
inner join
    living_standards
    on starts.household_key = living_standards.household_key
    and starts.month = living_standards.month
left join
    with_arrears
    on starts.household_key = with_arrears.household_key
    and starts.month = with_arrears.month
left join
    with_awards
    on starts.household_key = with_awards.household_key
    and starts.month = with_awards.month
