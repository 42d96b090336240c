-- The return laid out by band shows the same cells as the table with a row a band, in their
-- columns.
{% set bands = ["a_with_relief", "a", "b", "c", "d", "e", "f", "g", "h", "unknown"] %}
with

    bands as (select * from {{ source("published", "district_ct_support") }}),

    returns as (select * from {{ source("published", "district_ct_support_return") }}),

    laid_out as (
        {% for band in bands %}
            select
                district_code,
                financial_year,
                age_group,
                '{{ band }}' as taxbase_band,
                {{ band }}_award_count as award_count,
                {{ band }}_award_count_mark as award_count_mark,
                {{ band }}_annual_gbp as annual_award_gbp,
                {{ band }}_annual_gbp_mark as annual_award_gbp_mark
            from returns {{ "union all" if not loop.last }}
        {% endfor %}
    )

select bands.*, laid_out.award_count as laid_out_award_count
from bands
full outer join
    laid_out
    on bands.district_code = laid_out.district_code
    and bands.financial_year = laid_out.financial_year
    and bands.age_group = laid_out.age_group
    and bands.taxbase_band = laid_out.taxbase_band
where
    bands.district_code is null
    or laid_out.district_code is null
    or bands.award_count is distinct from laid_out.award_count
    or bands.award_count_mark is distinct from laid_out.award_count_mark
    or bands.annual_award_gbp is distinct from laid_out.annual_award_gbp
    or bands.annual_award_gbp_mark is distinct from laid_out.annual_award_gbp_mark
