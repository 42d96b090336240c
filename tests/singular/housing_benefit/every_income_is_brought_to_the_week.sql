-- A kind of period without its row in the seed would leave a null, and the sum would pass it over.
with income_months as (select * from {{ ref("int_housing_benefit__income_months") }})

select *
from income_months
where weekly_income_gbp is null
