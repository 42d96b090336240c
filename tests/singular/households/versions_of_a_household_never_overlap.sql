with households as (select * from {{ ref("dim_household") }})

select earlier.household_key, earlier.valid_to_month, later.valid_from_month
from households as earlier
inner join
    households as later
    on earlier.household_key = later.household_key
    and earlier.valid_from_month < later.valid_from_month
where later.valid_from_month <= earlier.valid_to_month
