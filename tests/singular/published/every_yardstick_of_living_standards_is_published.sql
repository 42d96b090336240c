with

    yardsticks as (select * from {{ ref("dim_living_standards_yardstick") }}),

    published as (select * from {{ source("published", "living_standards_yardstick") }})

select yardsticks.yardstick_key, published.yardstick_key as published_key
from yardsticks
full outer join
    published
    on yardsticks.yardstick_key = published.yardstick_key
    and yardsticks.yardstick_value = published.yardstick_value
    and yardsticks.unit = published.unit
    and yardsticks.is_assumed = published.is_assumed
    and yardsticks.source = published.source
where yardsticks.yardstick_key is null or published.yardstick_key is null
