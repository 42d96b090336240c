"""What an extract is of, and the mark of a row set aside for another record's fault."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

# A row whose other record is at fault: one bad field sets the whole physical row aside.
ROW_AT_FAULT = 255

# Why a row is set aside whose person was erased: no text of it is kept anywhere.
ERASED = "erased"


@dataclass(frozen=True)
class Slot:
    """What an extract is of: a feed, a district, a month; and its id."""

    feed: str
    district_code: str
    month: date
    extract_id: str

    @property
    def month_end(self) -> date:
        """The day whose position the extract describes."""
        last = calendar.monthrange(self.month.year, self.month.month)[1]
        return self.month.replace(day=last)


def months_covered(own: date, count: int) -> list[date]:
    """Return the months that a file of a history restates, oldest first, its own the last."""
    number = own.year * 12 + own.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(number - count + 1, number + 1)]
