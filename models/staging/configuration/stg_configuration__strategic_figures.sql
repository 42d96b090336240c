with strategic_figure as (select * from {{ source("configuration", "strategic_figure") }})

select
    figure_key,
    figure_number,
    section,
    figure_name,
    better,
    figure_table,
    figure_column,
    figure_filter,
    figure_format
from strategic_figure
