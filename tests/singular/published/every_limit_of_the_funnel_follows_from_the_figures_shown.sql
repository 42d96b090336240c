-- The limits are worked out anew, step by step, from the counts shown: nothing that is hidden is in
-- them, and whoever is said to lie outside does so by the figures that a reader sees.
with

    districts as (select * from {{ source("published", "district_cts_month") }}),

    shown as (
        select
            district_code,
            month,
            cast(caseload_count as double) as caseload,
            cast(chargeable_dwelling_count as double) as dwellings,
            round(cast(caseload_count as double) / chargeable_dwelling_count, 4) as share
        from districts
        where caseload_count is not null and chargeable_dwelling_count > 0
    ),

    months as (
        select month, count(*) as districts_shown, sum(caseload) / sum(dwellings) as centre
        from shown
        group by month
    ),

    scores as (
        select
            shown.district_code,
            shown.month,
            shown.share,
            months.centre,
            months.districts_shown,
            months.centre * (1 - months.centre) / shown.dwellings as chance,
            (shown.share - months.centre)
            / sqrt(nullif(months.centre * (1 - months.centre) / shown.dwellings, 0)) as score
        from shown
        inner join months on shown.month = months.month
    ),

    ends as (
        select month, quantile_cont(score, 0.1) as lowest, quantile_cont(score, 0.9) as highest
        from scores
        group by month
    ),

    moments as (
        select
            scores.month,
            avg(power(least(greatest(scores.score, ends.lowest), ends.highest), 2)) as dispersion,
            sum(1 / scores.chance)
            - sum(power(1 / scores.chance, 2)) / sum(1 / scores.chance) as divisor
        from scores
        inner join ends on scores.month = ends.month
        where scores.chance > 0
        group by scores.month
    ),

    expected as (
        select
            scores.district_code,
            scores.month,
            scores.share,
            scores.centre,
            sqrt(
                scores.chance + greatest(
                    0,
                    (scores.districts_shown * moments.dispersion - scores.districts_shown + 1)
                    / moments.divisor
                )
            ) as deviation
        from scores
        inner join moments on scores.month = moments.month
        where scores.districts_shown >= 3
    )

select
    districts.district_code,
    districts.month,
    expected.centre,
    expected.deviation,
    districts.caseload_funnel_standing
from districts
full join
    expected
    on districts.district_code = expected.district_code
    and districts.month = expected.month
where
    -- 1.96 and 3.09 standard deviations: 1 of 20 and 1 of 500 lie outside.
    (expected.deviation is not null and districts.caseload_funnel_centre_ratio is null)
    or abs(districts.caseload_funnel_centre_ratio - expected.centre) > 0.0001
    or abs(
        districts.caseload_funnel_high_95_ratio
        - least(1, expected.centre + 1.959964 * expected.deviation)
    )
    > 0.0001
    or abs(
        districts.caseload_funnel_low_95_ratio
        - greatest(0, expected.centre - 1.959964 * expected.deviation)
    )
    > 0.0001
    or abs(
        districts.caseload_funnel_high_998_ratio
        - least(1, expected.centre + 3.090232 * expected.deviation)
    )
    > 0.0001
    or abs(
        districts.caseload_funnel_low_998_ratio
        - greatest(0, expected.centre - 3.090232 * expected.deviation)
    )
    > 0.0001
    or districts.caseload_funnel_standing is distinct from case
        when districts.caseload_funnel_high_95_ratio is null or expected.share is null
        then null
        when expected.share > districts.caseload_funnel_high_998_ratio
        then 'above the outer limit'
        when expected.share < districts.caseload_funnel_low_998_ratio
        then 'below the outer limit'
        when expected.share > districts.caseload_funnel_high_95_ratio
        then 'above the inner limit'
        when expected.share < districts.caseload_funnel_low_95_ratio
        then 'below the inner limit'
        else 'within the limits'
    end
