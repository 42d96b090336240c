"""Which months an answer is of: no figure without its period, and none over a wrong one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from openlsi.cli.filters import CALENDAR, MONTH
from openlsi.warehouse.metricflow import Metric, MetricEngine, MetricError

DISTRICT = "district__district_name"
_YEAR = f"{CALENDAR}financial_year"
_MONTHS_OF_A_YEAR = 12
_NAMED_DISTRICTS = 4


@dataclass(frozen=True)
class Asked:
    """One metric of a question, with what decides over which months it has a meaning."""

    name: str
    is_yearly: bool
    is_position: bool
    is_change: bool
    is_of_one_month: bool
    tells_months: bool


@dataclass(frozen=True)
class Held:
    """The months in which each metric has a figure, by district (None where there is none)."""

    months: Mapping[str, Mapping[str | None, frozenset[date]]]

    def of(self, metric: str) -> list[date]:
        """Return the metric's months in order."""
        return sorted(set().union(*self.months[metric].values()))

    def within(self, month: date | None) -> Held:
        """Return what is held of one month; all where none is named."""
        if month is None:
            return self
        kept = {
            metric: {
                district: found & {month} for district, found in places.items() if month in found
            }
            for metric, places in self.months.items()
        }
        return Held(kept)


def asked(engine: MetricEngine, metric: Metric) -> Asked:
    """Return what the engine declares of a metric's periods."""
    return Asked(
        name=metric.name,
        is_yearly=engine.is_yearly(metric.name),
        is_position=engine.is_position(metric.name),
        is_change=engine.is_change(metric.name),
        is_of_one_month=engine.is_of_one_month(metric.name),
        # A last month, or a number of months: it would say nothing of the newest month alone.
        tells_months=metric.meta.get("unit") in ("month", "months"),
    )


def held(metrics: Sequence[str], rows: Iterable[Sequence[object]]) -> Held:
    """Return what is held, from rows of month, district and whether each metric has a figure."""
    found: dict[str, dict[str | None, set[date]]] = {metric: {} for metric in metrics}
    for month, district, *has_figure in rows:
        if isinstance(month, date):
            place = str(district) if district is not None else None
            for metric, has in zip(metrics, has_figure, strict=True):
                if has:
                    found[metric].setdefault(place, set()).add(month)
    return Held(
        {
            metric: {place: frozenset(months) for place, months in places.items()}
            for metric, places in found.items()
        }
    )


def _is_by_month(group_by: Sequence[str]) -> bool:
    return MONTH in group_by or f"{CALENDAR}month_label" in group_by


def refuse_without_a_month(metrics: Sequence[Asked], group_by: Sequence[str]) -> None:
    """Refuse what has a meaning month by month only, and is not asked for so."""
    if MONTH in group_by:
        return
    of_a_year = [cut for cut in group_by if cut.startswith(CALENDAR)]
    for metric in metrics:
        if metric.is_change:
            raise MetricError(
                f"{metric.name} is a change from one month to another: it needs --by month"
            )
        # The engine would answer with the newest month alone, as if it were every year.
        if metric.is_position and of_a_year:
            raise MetricError(
                f"{metric.name} is a position at a month's end, which no "
                f"{of_a_year[0].split('__')[-1]} has; cut it by month"
            )


def refuse_losing_the_earlier_month(metrics: Sequence[Asked], filters: Sequence[str]) -> None:
    """Refuse a change among months of a name or number: the filter would drop the earlier month."""
    changes = [metric.name for metric in metrics if metric.is_change]
    if changes and any(CALENDAR in template for template in filters):
        raise MetricError(
            f"{changes[0]} compares with an earlier month, which this --where leaves out; filter "
            "by month or financial_year"
        )


def newest(metrics: Sequence[Asked], found: Held) -> date | None:
    """Return the newest month in which every metric asked for has a figure; None for all months.

    Raises MetricError where a yearly figure would be put beside a monthly one, or no month has all.
    """
    bound = [metric for metric in metrics if not metric.tells_months]
    if not bound:
        return None
    yearly = [metric.name for metric in bound if metric.is_yearly]
    monthly = [metric.name for metric in bound if not metric.is_yearly]
    if yearly and monthly:
        raise MetricError(
            f"{yearly[0]} is of a year and {monthly[0]} of a month: ask for each by itself, or add "
            "--by financial_year"
        )
    months = [set(found.of(metric.name)) for metric in bound]
    shared = set.intersection(*months)
    if any(months) and not shared:
        names = ", ".join(metric.name for metric in bound)
        raise MetricError(f"no month has a figure of each of {names}; ask for each by itself")
    return max(shared, default=None)


def refuse_many_together(metrics: Sequence[Asked], found: Held, group_by: Sequence[str]) -> None:
    """Refuse to take months or years together where the figure has no meaning over several."""
    for metric in metrics:
        months = found.of(metric.name)
        if len(months) < 2 or _is_by_month(group_by):
            continue
        if metric.is_yearly and _YEAR not in group_by:
            raise MetricError(
                f"{metric.name} is of one year, and {_years(months)} are asked for together; add "
                "--by financial_year, or name one year"
            )
        if metric.is_of_one_month:
            raise MetricError(
                f"{metric.name} divides the pounds of a month by what stands at its end, and "
                f"{_span(months)} are asked for together; add --by month, or name one month"
            )


def told(metrics: Sequence[Asked], answered: Held, everywhere: Held, by: Sequence[str]) -> str:
    """Return the period of an answer in words; metrics of unlike periods are named.

    `everywhere` is what is held whatever the month chosen, so that a late district can be named.
    """
    periods: dict[str, list[str]] = {}
    for metric in metrics:
        words = _period(metric, answered.of(metric.name), by)
        words += _late(metric, answered, everywhere, by)
        periods.setdefault(words, []).append(metric.name)
    if len(periods) == 1:
        return next(iter(periods))
    return "; ".join(f"{', '.join(names)}: {words}" for words, names in periods.items())


def _period(metric: Asked, months: Sequence[date], by: Sequence[str]) -> str:
    if not months:
        return "no figure held"
    if metric.is_yearly:
        return _years(months)
    if len(months) == 1:
        return f"{months[0]:%B %Y}"
    if _is_by_month(by):
        return f"each month, {_span(months)}"
    if _YEAR in by:
        return f"each financial year, {_span(months)}{_short_years(months)}"
    if metric.tells_months:
        return _span(months)
    if metric.is_position:
        return f"at the end of {months[-1]:%B %Y}"
    return f"{_span(months)}, {len(months)} months together"


def _late(metric: Asked, answered: Held, everywhere: Held, by: Sequence[str]) -> str:
    """Name the districts without the last month of the answer: their figures are not in it."""
    months = answered.of(metric.name)
    if not months or metric.is_yearly or metric.tells_months:
        return ""
    places = everywhere.months[metric.name]
    last = {
        place: max((month for month in held_of if month <= months[-1]), default=None)
        for place, held_of in places.items()
        if place is not None and months[-1] not in held_of
    }
    late = {place: month for place, month in last.items() if month is not None}
    if not late:
        return ""
    named = [f"{place} (held to {month:%B %Y})" for place, month in sorted(late.items())]
    more = len(named) - _NAMED_DISTRICTS
    listed = ", ".join(named[:_NAMED_DISTRICTS]) + (f" and {more} more" if more > 0 else "")
    if len(months) == 1:
        known = sum(1 for place in places if place is not None)
        return f", {known - len(late)} of {known} districts: without {listed}"
    if metric.is_position and not _is_by_month(by):
        return f", but at its own last month: {listed}"
    return f", the last of them without {listed}"


def _span(months: Sequence[date]) -> str:
    first, last = months[0], months[-1]
    start = f"{first:%B}" if first.year == last.year else f"{first:%B %Y}"
    return f"{first:%B %Y}" if first == last else f"{start} to {last:%B %Y}"


def _financial_year(month: date) -> str:
    start = month.year if month.month >= 4 else month.year - 1
    return f"{start}-{(start + 1) % 100:02d}"


def _years(months: Sequence[date]) -> str:
    return ", ".join(dict.fromkeys(_financial_year(month) for month in months))


def _short_years(months: Sequence[date]) -> str:
    """Name the years that are not whole: their sums are not to be set beside the others'."""
    years = [_financial_year(month) for month in months]
    short = [
        f"{year} holds {years.count(year)} of {_MONTHS_OF_A_YEAR} months"
        for year in dict.fromkeys(years)
        if years.count(year) < _MONTHS_OF_A_YEAR
    ]
    return f" ({', '.join(short)})" if short else ""
