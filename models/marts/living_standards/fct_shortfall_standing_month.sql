with

    living_standards as (select * from {{ ref("fct_living_standards") }}),

    spells as (select * from {{ ref("fct_living_standards_spells") }} where is_shortfall),

    starts as (select * from {{ ref("fct_shortfall_starts") }}),

    look_backs as (select * from {{ ref("int_living_standards__look_backs") }}),

    -- Every household in shortfall in the month, with what was known of it before the run began.
    -- Who has been on a benefit for the whole look-back is known by now, however it came in.
    in_shortfall as (
        select
            living_standards.district_code,
            coalesce(living_standards.lsoa_code, 'unknown') as lsoa_code,
            living_standards.month,
            case
                when
                    spells.shortfall_from_month
                    <= (living_standards.month - look_backs.look_back_months * interval '1 month')
                then 'known_vulnerable'
                when starts.is_new_to_hardship
                then 'newly_hit'
                when not starts.is_new_to_hardship
                then 'known_vulnerable'
                else 'not_looked_back'
            end as standing
        from living_standards
        inner join
            spells
            on living_standards.household_key = spells.household_key
            and living_standards.month between spells.first_month and spells.last_month
        left join
            starts
            on spells.household_key = starts.household_key
            and spells.shortfall_from_month = starts.month
        left join
            look_backs
            on living_standards.district_code = look_backs.district_code
            and living_standards.month = look_backs.month
    )

select
    district_code,
    lsoa_code,
    month,
    {% for standing in ["known_vulnerable", "newly_hit", "not_looked_back"] %}
        cast(
            sum(case when standing = '{{ standing }}' then 1 else 0 end) as integer
        ) as {{ standing }}_count,
    {% endfor %}
    {{ build_id() }} as build_id
from in_shortfall
group by district_code, lsoa_code, month
