"""What is to be made: which months, how much of it, and the calendar of council tax years."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from openlsi.errors import LsiError

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

EPOCH = date(1970, 1, 1)
# Beyond every date made, and the open end that one vendor writes.
OPEN = (date(2099, 12, 31) - EPOCH).days
NEVER = OPEN
# Council tax years for which a Band D is held or can be interpolated, and in which the extract
# may lie; the earlier ones only carry old debts.
FIRST_YEAR, FIRST_EXTRACT_YEAR, LAST_YEAR = 2020, 2023, 2026


class SynthesisError(LsiError):
    """The extracts asked for cannot be made."""


def day_number(when: date) -> int:
    """Return days since 1970-01-01, the one form in which the generator keeps dates."""
    return (when - EPOCH).days


def year_start(year: int) -> int:
    """Return the day number of 1 April that opens the council tax year `year`."""
    return day_number(date(year, 4, 1))


# No liability, and no support with it, is older than the tax.
COUNCIL_TAX_BEGAN = year_start(1993)


def year_days(year: int) -> int:
    """Return the number of days of a council tax year: 366 where it holds a 29 February."""
    return year_start(year + 1) - year_start(year)


def year_label(year: int, separator: str = "-") -> str:
    """Return '2026-27' for 2026."""
    return f"{year}{separator}{(year + 1) % 100:02d}"


@dataclass(frozen=True)
class Month:
    """One calendar month, first and last day as day numbers, and its council tax year."""

    first: date

    @cached_property
    def start(self) -> int:
        """Return the first day."""
        return day_number(self.first)

    @cached_property
    def end(self) -> int:
        """Return the last day."""
        return self.next.start - 1

    @property
    def next(self) -> Month:
        """Return the month after."""
        return Month((self.first + timedelta(days=32)).replace(day=1))

    @property
    def previous(self) -> Month:
        """Return the month before."""
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def year(self) -> int:
        """Return the council tax year by the calendar year in which it opens."""
        return self.first.year if self.first.month >= 4 else self.first.year - 1

    @property
    def number(self) -> int:
        """Return the place in the council tax year: 1 for April, 12 for March."""
        return (self.first.month - 4) % 12 + 1


@dataclass(frozen=True)
class Plan:
    """Everything that decides the bytes written."""

    months: int
    until: str
    sample: float
    seed: int
    scale: float = 1.0
    has_faults: bool = True

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", self.until):
            raise SynthesisError(f"--until: found {self.until!r}, expected a month as 2026-10")
        if self.months < 1:
            raise SynthesisError(f"--months: found {self.months}, expected 1 or more")
        if not 0 <= self.sample <= 1:
            raise SynthesisError(f"--sample: found {self.sample}, expected a share from 0 to 1")
        if not 0 < self.scale <= 1:
            raise SynthesisError(f"--scale: found {self.scale}, expected a share above 0, up to 1")
        first, last = self.extract_months[0].year, self.extract_months[-1].year
        if first < FIRST_EXTRACT_YEAR or last > LAST_YEAR:
            raise SynthesisError(
                f"{self.months} months to {self.until}: Band D is held for "
                f"{year_label(FIRST_EXTRACT_YEAR)} to {year_label(LAST_YEAR)} only; "
                "choose months inside those years"
            )

    @cached_property
    def extract_months(self) -> list[Month]:
        """Return the months for which extracts are written."""
        year, month = (int(part) for part in self.until.split("-"))
        count = year * 12 + month - 1
        firsts = range(count - self.months + 1, count + 1)
        return [Month(date(number // 12, number % 12 + 1, 1)) for number in firsts]

    @cached_property
    def run_months(self) -> list[Month]:
        """Return the extract months preceded by those back to April, which only build balances."""
        month = Month(date(self.extract_months[0].year, 4, 1))
        months = []
        while month.first <= self.extract_months[-1].first:
            months.append(month)
            month = month.next
        return months

    @property
    def as_at(self) -> int:
        """Return the day on which the caseload is calibrated: the first of the first month."""
        return self.extract_months[0].start

    @property
    def last_day(self) -> int:
        """Return the last day of the last month."""
        return self.extract_months[-1].end

    @property
    def years(self) -> list[int]:
        """Return the council tax years that the run passes through."""
        return sorted({month.year for month in self.run_months})

    def generator(self, district_code: str, stream: str) -> np.random.Generator:
        """Return the random numbers of one district and purpose, whatever else is made."""
        key = [self.seed, int(district_code[1:]), *stream.encode()]
        return np.random.default_rng(key)


def month_index(months: list[Month], days: Ints) -> Ints:
    """Return for each day the index of its month; −1 before the first, len(months) after."""
    starts = np.array([*(month.start for month in months), months[-1].end + 1])
    return np.asarray(np.searchsorted(starts, days, side="right") - 1, dtype=np.int64)
