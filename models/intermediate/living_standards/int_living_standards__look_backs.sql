with

    extract_in_force as (
        select district_code, feed, month
        from {{ ref("int_extract_in_force") }}
        where feed in ('cts', 'council_tax', 'universal_credit', 'housing_benefit')
    ),

    month_figures as (select * from {{ ref("int_living_standards__month_figures") }}),

    district_months as (
        select district_code, month from extract_in_force group by district_code, month
    ),

    district_feeds as (
        select district_code, feed from extract_in_force group by district_code, feed
    ),

    months_asked_for as (
        select
            district_months.district_code,
            district_months.month,
            district_feeds.feed,
            month_figures.look_back_months,
            cast(
                district_months.month - month_figures.look_back_months * interval '1 month' as date
            ) as first_month
        from district_months
        inner join district_feeds on district_months.district_code = district_feeds.district_code
        inner join month_figures on district_months.month = month_figures.month
    ),

    months_counted as (
        select
            months_asked_for.district_code,
            months_asked_for.month,
            months_asked_for.feed,
            max(months_asked_for.look_back_months) as look_back_months,
            count(extract_in_force.month) as held_count
        from months_asked_for
        left join
            extract_in_force
            on months_asked_for.district_code = extract_in_force.district_code
            and months_asked_for.feed = extract_in_force.feed
            and months_asked_for.first_month <= extract_in_force.month
            and months_asked_for.month > extract_in_force.month
        group by months_asked_for.district_code, months_asked_for.month, months_asked_for.feed
    )

-- One feed with a gap, and nobody can be said to be new.
select
    district_code,
    month,
    max(look_back_months) as look_back_months,
    min(case when held_count = look_back_months then 1 else 0 end) = 1 as is_look_back_held
from months_counted
group by district_code, month
