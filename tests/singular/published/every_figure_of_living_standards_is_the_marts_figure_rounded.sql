-- Districts and county together; the county stands without a district. A move's figure is
-- missing, too, where the month before is not held, and a newcomer's where the look-back is not.
with

    area_months as (select * from {{ ref("fct_living_standards_month") }}),

    marts as (
        select
            district_code,
            month,
            sum(household_count) as household_count,
            sum(known_count) as known_count,
            sum(in_crisis_count) as in_crisis_count,
            sum(at_risk_count) as at_risk_count,
            sum(struggling_count) as struggling_count,
            sum(coping_count) as coping_count,
            sum(shortfall_count) as shortfall_count,
            sum(entry_count) as entry_count,
            sum(exit_count) as exit_count,
            sum(new_to_hardship_count) as new_to_hardship_count,
            sum(known_vulnerable_count) as known_vulnerable_count,
            sum(newly_hit_count) as newly_hit_count,
            sum(shortfall_gbp) as shortfall_gbp
        from area_months
        group by district_code, month
        union all
        select
            'county' as district_code,
            month,
            sum(household_count) as household_count,
            sum(known_count) as known_count,
            sum(in_crisis_count) as in_crisis_count,
            sum(at_risk_count) as at_risk_count,
            sum(struggling_count) as struggling_count,
            sum(coping_count) as coping_count,
            sum(shortfall_count) as shortfall_count,
            sum(entry_count) as entry_count,
            sum(exit_count) as exit_count,
            sum(new_to_hardship_count) as new_to_hardship_count,
            sum(known_vulnerable_count) as known_vulnerable_count,
            sum(newly_hit_count) as newly_hit_count,
            sum(shortfall_gbp) as shortfall_gbp
        from area_months
        group by month
    ),

    published as (
        select
            district_code,
            month,
            household_count,
            household_count_mark,
            known_count,
            known_count_mark,
            in_crisis_count,
            in_crisis_count_mark,
            at_risk_count,
            at_risk_count_mark,
            struggling_count,
            struggling_count_mark,
            coping_count,
            coping_count_mark,
            shortfall_count,
            shortfall_count_mark,
            entry_count,
            entry_count_mark,
            exit_count,
            exit_count_mark,
            new_to_hardship_count,
            new_to_hardship_count_mark,
            known_vulnerable_count,
            known_vulnerable_count_mark,
            newly_hit_count,
            newly_hit_count_mark,
            shortfall_gbp,
            shortfall_gbp_mark
        from {{ source("published", "district_living_standards_month") }}
        union all
        select
            'county' as district_code,
            month,
            household_count,
            household_count_mark,
            known_count,
            known_count_mark,
            in_crisis_count,
            in_crisis_count_mark,
            at_risk_count,
            at_risk_count_mark,
            struggling_count,
            struggling_count_mark,
            coping_count,
            coping_count_mark,
            shortfall_count,
            shortfall_count_mark,
            entry_count,
            entry_count_mark,
            exit_count,
            exit_count_mark,
            new_to_hardship_count,
            new_to_hardship_count_mark,
            known_vulnerable_count,
            known_vulnerable_count_mark,
            newly_hit_count,
            newly_hit_count_mark,
            shortfall_gbp,
            shortfall_gbp_mark
        from {{ source("published", "county_living_standards_month") }}
    )

select marts.*, published.district_code as published_district_code
from marts
full outer join
    published on marts.district_code = published.district_code and marts.month = published.month
where
    marts.district_code is null
    or published.district_code is null
    or {{ is_not_rounded_from("published.household_count", "marts.household_count", 2) }}
    or (published.household_count is null and published.household_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.known_count", "marts.known_count", 2) }}
    or (published.known_count is null and published.known_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.in_crisis_count", "marts.in_crisis_count", 2) }}
    or (published.in_crisis_count is null and published.in_crisis_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.at_risk_count", "marts.at_risk_count", 2) }}
    or (published.at_risk_count is null and published.at_risk_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.struggling_count", "marts.struggling_count", 2) }}
    or (published.struggling_count is null and published.struggling_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.coping_count", "marts.coping_count", 2) }}
    or (published.coping_count is null and published.coping_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.shortfall_count", "marts.shortfall_count", 2) }}
    or (published.shortfall_count is null and published.shortfall_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.entry_count", "marts.entry_count", 2) }}
    or (
        published.entry_count is null
        and published.entry_count_mark
        is distinct from case when marts.entry_count is null then 'x' else 'c' end
    )
    or {{ is_not_rounded_from("published.exit_count", "marts.exit_count", 2) }}
    or (
        published.exit_count is null
        and published.exit_count_mark
        is distinct from case when marts.exit_count is null then 'x' else 'c' end
    )
    or
    {{ is_not_rounded_from("published.new_to_hardship_count", "marts.new_to_hardship_count", 2) }}
    or (
        published.new_to_hardship_count is null
        and published.new_to_hardship_count_mark
        is distinct from case when marts.new_to_hardship_count is null then 'x' else 'c' end
    )
    or {{ is_not_rounded_from("published.shortfall_gbp", "marts.shortfall_gbp", 500) }}
    or (published.shortfall_gbp is null and published.shortfall_gbp_mark is distinct from 'c')
    {% for known in ["known_vulnerable_count", "newly_hit_count"] %}
        or {{ is_not_rounded_from("published." ~ known, "marts." ~ known, 2) }}
        or (
            published.{{ known }} is null
            and published.{{ known }}_mark
            is distinct from case when marts.{{ known }} is null then 'x' else 'c' end
        )
    {% endfor %}
