with objective as (select * from {{ source("configuration", "objective") }})

select
    objective_key,
    objective_number,
    objective_name,
    owner,
    aim,
    target,
    due_month,
    target_source,
    figure_table,
    figure_column,
    figure_filter,
    figure_format
from objective
