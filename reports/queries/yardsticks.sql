select yardstick_name, valid_from, valid_to, yardstick_value, yardstick_value_mark, unit, standing_label, is_assumed, source
from published.living_standards_yardstick
order by yardstick_name, valid_from
