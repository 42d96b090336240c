with extract_in_force as (select * from {{ ref("int_extract_in_force") }})

select district_code, feed, month, count(*) as extract_count
from extract_in_force
group by district_code, feed, month
having count(*) > 1
