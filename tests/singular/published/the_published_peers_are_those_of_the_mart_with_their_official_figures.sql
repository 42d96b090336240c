-- Every member of a set is published, with its distance, and beside it what its own return and
-- Band D
-- say; whoever costs most for each dwelling has rank 1.
with

    members as (select * from {{ ref("fct_peer_set_members") }}),

    published as (select * from {{ source("published", "official_peers") }}),

    benchmark as (select * from {{ source("published", "official_cts_benchmark") }}),

    compared as (
        select
            members.authority_code,
            members.peer_set,
            members.member_code,
            cast(members.distance as decimal(18, 4)) as distance,
            benchmark.cts_forgone_per_dwelling_gbp,
            benchmark.band_d_gbp,
            benchmark.chargeable_dwelling_count,
            benchmark.pension_share_ratio,
            benchmark.single_adult_ratio,
            published.peer_distance as published_distance,
            published.cts_forgone_per_dwelling_gbp as published_per_dwelling_gbp,
            published.band_d_gbp as published_band_d_gbp,
            published.chargeable_dwelling_count as published_dwelling_count,
            published.pension_share_ratio as published_share_ratio,
            published.single_adult_ratio as published_adult_ratio,
            published.per_dwelling_rank as published_rank,
            rank() over (
                partition by members.authority_code, members.peer_set
                order by benchmark.cts_forgone_per_dwelling_gbp desc nulls last
            ) as expected_rank
        from members
        full join
            published
            on members.authority_code = published.authority_code
            and members.peer_set = published.peer_set
            and members.member_code = published.peer_code
        left join
            benchmark
            on members.member_code = benchmark.authority_code
            and members.financial_year = benchmark.financial_year
    )

select *
from compared
where
    member_code is null
    or distance is distinct from published_distance
    or cts_forgone_per_dwelling_gbp is distinct from published_per_dwelling_gbp
    or band_d_gbp is distinct from published_band_d_gbp
    or chargeable_dwelling_count is distinct from published_dwelling_count
    or pension_share_ratio is distinct from published_share_ratio
    or single_adult_ratio is distinct from published_adult_ratio
    -- Who has no figure has no rank, and a district's own edition has none at all.
    or published_rank <> expected_rank
