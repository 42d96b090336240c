-- The return laid out by band shows the same cells as the table with a row a band, in their
-- columns.
with

    bands as (select * from {{ source("published", "district_ct_support") }}),

    returns as (select * from {{ source("published", "district_ct_support_return") }}),

    laid_out as (
        select
            district_code,
            financial_year,
            age_group,
            'a_with_relief' as taxbase_band,
            a_with_relief_award_count as award_count,
            a_with_relief_award_count_mark as award_count_mark,
            a_with_relief_annual_gbp as annual_award_gbp,
            a_with_relief_annual_gbp_mark as annual_award_gbp_mark
        from returns
        union all
        select
            district_code,
            financial_year,
            age_group,
            'a' as taxbase_band,
            a_award_count as award_count,
            a_award_count_mark as award_count_mark,
            a_annual_gbp as annual_award_gbp,
            a_annual_gbp_mark as annual_award_gbp_mark
        from returns
        union all
        select
            district_code,
            financial_year,
            age_group,
            'b' as taxbase_band,
            b_award_count as award_count,
            b_award_count_mark as award_count_mark,
            b_annual_gbp as annual_award_gbp,
            b_annual_gbp_mark as annual_award_gbp_mark
        from returns
        union all
        select
            district_code,
            financial_year,
            age_group,
            'c' as taxbase_band,
            c_award_count as award_count,
            c_award_count_mark as award_count_mark,
            c_annual_gbp as annual_award_gbp,
            c_annual_gbp_mark as annual_award_gbp_mark
        from returns
        union all
        select
            district_code,
            financial_year,
            age_group,
            'd' as taxbase_band,
            d_award_count as award_count,
            d_award_count_mark as award_count_mark,
            d_annual_gbp as annual_award_gbp,
            d_annual_gbp_mark as annual_award_gbp_mark
        from returns
        union all
        select
            district_code,
            financial_year,
            age_group,
            'e' as taxbase_band,
            e_award_count as award_count,
            e_award_count_mark as award_count_mark,
            e_annual_gbp as annual_award_gbp,
            e_annual_gbp_mark as annual_award_gbp_mark
        from returns
        union all
        select
            district_code,
            financial_year,
            age_group,
            'f' as taxbase_band,
            f_award_count as award_count,
            f_award_count_mark as award_count_mark,
            f_annual_gbp as annual_award_gbp,
            f_annual_gbp_mark as annual_award_gbp_mark
        from returns
        union all
        select
            district_code,
            financial_year,
            age_group,
            'g' as taxbase_band,
            g_award_count as award_count,
            g_award_count_mark as award_count_mark,
            g_annual_gbp as annual_award_gbp,
            g_annual_gbp_mark as annual_award_gbp_mark
        from returns
        union all
        select
            district_code,
            financial_year,
            age_group,
            'h' as taxbase_band,
            h_award_count as award_count,
            h_award_count_mark as award_count_mark,
            h_annual_gbp as annual_award_gbp,
            h_annual_gbp_mark as annual_award_gbp_mark
        from returns
        union all
        select
            district_code,
            financial_year,
            age_group,
            'unknown' as taxbase_band,
            unknown_award_count as award_count,
            unknown_award_count_mark as award_count_mark,
            unknown_annual_gbp as annual_award_gbp,
            unknown_annual_gbp_mark as annual_award_gbp_mark
        from returns
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
