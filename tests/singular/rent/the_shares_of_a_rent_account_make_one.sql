with rent_account_households as (select * from {{ ref("bridge_rent_account_household") }})

select district_code, rent_account_key, sum(share_ratio) as shares
from rent_account_households
group by district_code, rent_account_key
-- A third is kept to six places.
having abs(sum(share_ratio) - 1) > 0.00001
