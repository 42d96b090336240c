-- Whoever is compared with the other: two districts of the county are as far from each other either
-- way.
with distances as (select * from {{ ref("fct_peer_distances") }})

select there.authority_code, there.peer_code, there.topic, there.distance, back.distance as back
from distances as there
inner join
    distances as back
    on there.authority_code = back.peer_code
    and there.peer_code = back.authority_code
    and there.topic is not distinct from back.topic
where abs(there.distance - back.distance) > 0.0001
