"""`--where`: the user's comparison in the metric engine's form, or one line on what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from openlsi.warehouse.metricflow import MetricError

MONTH = "metric_time__month"
CALENDAR = "calendar_month__"
_COMPARISON = re.compile(r"\s*(\w+)\s*(=|!=|<>|<=|>=|<|>)\s*(.*?)\s*")
_YEAR = f"{CALENDAR}financial_year"
HOW_TO_FILTER = 'write it like "district = Dover"'
_SHOWN_VALUES = 6
_ALIKE = 0.7

# The values that a cut has, as text; asked for only where a value is to be equal to one of them.
ValuesOf = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Filter:
    """One `--where` as the engine takes it."""

    template: str
    is_of_time: bool


def is_of_time(cut: str) -> bool:
    """Say whether a cut is the month, or a year or name of it."""
    return cut == MONTH or cut.startswith(CALENDAR)


def of_month(month: date, comparison: str = "=") -> str:
    """Return the engine's form of "in this month", or since it, before it and so on."""
    return f"{{{{ TimeDimension('metric_time', 'month') }}}} {comparison} '{month:%Y-%m-%d}'"


def read_filter(written: str, cut_named: Callable[[str], str], values_of: ValuesOf) -> Filter:
    """Return the filter; raise MetricError where it cannot be read or names no value there is.

    A template of the engine's own passes as it is.
    """
    if "{{" in written:
        return Filter(written, any(word in written for word in ("metric_time", CALENDAR)))
    told = _COMPARISON.fullmatch(written)
    if not told or not (value := _unquoted(told[3])):
        raise MetricError(f"cannot read the filter {written!r}; {HOW_TO_FILTER}")
    name, comparison = told[1], told[2]
    cut = cut_named(name)
    if cut == MONTH:
        return Filter(of_month(_month(written, value), comparison), is_of_time=True)
    if cut == _YEAR and not re.fullmatch(r"\d{4}-\d{2}", value):
        raise MetricError(f"{written!r}: a financial year is written like 2025-26")
    if comparison in ("=", "!=", "<>"):
        value = _known(name, value, values_of(cut))
    else:
        _refuse_what_has_no_order(written, value, values_of(cut))
    if cut == _YEAR:
        return Filter(_of_year(int(value[:4]), comparison), is_of_time=True)
    quoted = value.replace("'", "''")
    template = f"{{{{ Dimension('{cut}') }}}} {comparison} '{quoted}'"
    return Filter(template, is_of_time(cut))


def _of_year(start: int, comparison: str) -> str:
    """Return a comparison with a financial year as one with its months.

    By the year itself, a change would lose the earlier month that it compares with.
    """
    first, last = date(start, 4, 1), date(start + 1, 3, 1)
    if comparison == "=":
        return f"{of_month(first, '>=')} and {of_month(last, '<=')}"
    if comparison in ("!=", "<>"):
        return f"({of_month(first, '<')} or {of_month(last, '>')})"
    return of_month(first if comparison in ("<", ">=") else last, comparison)


def _unquoted(value: str) -> str:
    quotes = value[:1] + value[-1:]
    return value[1:-1] if len(value) > 1 and quotes in ("''", '""') else value


def _month(written: str, value: str) -> date:
    try:
        return date.fromisoformat(value if value.count("-") == 2 else f"{value}-01").replace(day=1)
    except ValueError:
        raise MetricError(f"{written!r}: a month is written like 2026-04") from None


def _known(name: str, value: str, values: Sequence[str]) -> str:
    """Return the value as the warehouse spells it, whatever its capitals."""
    spelt = {known.casefold(): known for known in values}
    if value.casefold() in spelt:
        return spelt[value.casefold()]
    near = [spelt[known] for known in get_close_matches(value.casefold(), spelt, cutoff=_ALIKE)]
    if near:
        raise MetricError(f"no {name} {value}; did you mean {', '.join(near)}?")
    few = f"; there are {', '.join(values)}" if 0 < len(values) <= _SHOWN_VALUES else ""
    raise MetricError(f"no {name} {value}{few}")


def _refuse_what_has_no_order(written: str, value: str, values: Sequence[str]) -> None:
    if set(values) <= {"true", "false"}:
        raise MetricError(f"{written!r}: only = and != compare with true or false")
    if all(known.isdigit() for known in values) and not value.isdigit():
        raise MetricError(f"{written!r}: {value} is no number")
