select yardstick_name, strftime(valid_from, '%-d %b %Y') as holds_from, strftime(valid_to, '%-d %b %Y') as holds_to, yardstick_value, yardstick_value_mark, unit, standing_label, is_assumed, source
from published.living_standards_yardstick
order by yardstick_name, valid_from
