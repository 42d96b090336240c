-- One district may be behind another: each is taken in its own last month.
with

    entitlements as (select * from {{ ref("fct_entitlements") }}),

    discretionary_awards as (
        select * from {{ ref("fct_discretionary_awards") }} where household_key is not null
    ),

    pupils as (select * from {{ ref("fct_free_school_meals") }} where household_key is not null),

    last_months as (
        select district_code, max(month) as month from entitlements group by district_code
    ),

    -- A census is told once a term, so the last one counts, whatever month a district is in.
    last_census as (select max(month) as month from pupils),

    gaps as (
        select
            entitlements.district_code,
            entitlements.household_key,
            entitlements.month,
            {%- for benefit, name in {
                "pc": "pension_credit",
                "cts": "council_tax_support",
                "hb": "housing_benefit",
                "uc": "universal_credit",
                "ctd": "council_tax_discount",
            }.items() %}
                cast(
                    coalesce(
                        max(
                            case
                                when entitlements.benefit_code = '{{ benefit }}'
                                then entitlements.gap_gbp
                            end
                        ),
                        0
                    )
                    * 12
                    / 52 as decimal(18, 2)
                ) as {{ name }}_gap_weekly_gbp{{ "," if not loop.last }}
            {%- endfor %}
        from entitlements
        inner join
            last_months
            on entitlements.district_code = last_months.district_code
            and entitlements.month = last_months.month
        where entitlements.reason_code in ('unclaimed', 'less_in_payment')
        group by entitlements.district_code, entitlements.household_key, entitlements.month
    ),

    help_in_year as (
        select
            discretionary_awards.household_key,
            bool_or(
                discretionary_awards.fund = 'discretionary_housing_payment'
            ) as had_housing_payment_in_year,
            bool_or(
                discretionary_awards.fund <> 'discretionary_housing_payment'
            ) as had_crisis_award_in_year
        from discretionary_awards
        inner join
            last_months
            on discretionary_awards.district_code = last_months.district_code
            and discretionary_awards.month <= last_months.month
            and discretionary_awards.month > last_months.month - interval 12 month
        group by discretionary_awards.household_key
    ),

    unregistered as (
        select
            pupils.household_key,
            count(
                case when pupils.is_entitled_not_registered then 1 end
            ) as unregistered_pupil_count
        from pupils
        inner join last_census on pupils.month = last_census.month
        group by pupils.household_key
    ),

    households as (
        select entitlements.district_code, entitlements.household_key, entitlements.month
        from entitlements
        inner join
            last_months
            on entitlements.district_code = last_months.district_code
            and entitlements.month = last_months.month
        group by entitlements.district_code, entitlements.household_key, entitlements.month
    )

select
    households.district_code,
    households.household_key,
    households.month,
    {%- for name in [
        "pension_credit",
        "council_tax_support",
        "housing_benefit",
        "universal_credit",
        "council_tax_discount",
    ] %}
        coalesce(gaps.{{ name }}_gap_weekly_gbp, 0) as {{ name }}_gap_weekly_gbp,
    {%- endfor %}
    cast(coalesce(unregistered.unregistered_pupil_count, 0) as integer) as unregistered_pupil_count,
    coalesce(help_in_year.had_housing_payment_in_year, false) as had_housing_payment_in_year,
    coalesce(help_in_year.had_crisis_award_in_year, false) as had_crisis_award_in_year,
    {{ build_id() }} as build_id
from households
left join gaps on households.household_key = gaps.household_key
left join unregistered on households.household_key = unregistered.household_key
left join help_in_year on households.household_key = help_in_year.household_key
