-- Every figure is landed to four (pounds) or six (dwellings) decimals, so the sum over about 310
-- authorities may differ from the printed total by up to 310 halves of the last decimal.
with

    cts_forgone as (select * from {{ ref("stg_council_taxbase__cts_forgone") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    totals as (
        select
            cts_forgone.financial_year,
            cts_forgone.band,
            cts_forgone.age_group,
            sum(
                case when cts_forgone.is_england then cts_forgone.cts_forgone_gbp end
            ) as england_gbp,
            sum(
                case when not cts_forgone.is_england then cts_forgone.cts_forgone_gbp end
            ) as authorities_gbp,
            sum(
                case when cts_forgone.is_england then cts_forgone.dwelling_equivalents end
            ) as england_equivalents,
            sum(
                case when not cts_forgone.is_england then cts_forgone.dwelling_equivalents end
            ) as authorities_equivalents
        from cts_forgone
        inner join extract_in_force on cts_forgone.extract_id = extract_in_force.extract_id
        group by cts_forgone.financial_year, cts_forgone.band, cts_forgone.age_group
    )

select *
from totals
where
    not coalesce(
        abs(england_gbp - authorities_gbp) <= 0.016
        and abs(england_equivalents - authorities_equivalents) <= 0.00016,
        false
    )
