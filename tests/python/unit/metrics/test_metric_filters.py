"""`--where`: each comparison in the engine's form, or one line on what is wrong with it."""

from __future__ import annotations

import pytest

from openlsi.cli.filters import Filter, read_filter
from openlsi.warehouse.metricflow import MetricError

VALUES = {
    "district": ["Dover", "King's Lynn and West Norfolk"],
    "is_on_uc": ["false", "true"],
    "month_number": ["1", "2"],
    "calendar_month__financial_year": ["2025-26", "2026-27"],
}
NAMES = {"month": "metric_time__month", "financial_year": "calendar_month__financial_year"}


def read(written: str) -> Filter:
    return read_filter(written, lambda name: NAMES.get(name, name), lambda cut: VALUES[cut])


@pytest.mark.parametrize(
    ("written", "template", "is_of_time"),
    [
        ("district = Dover", "{{ Dimension('district') }} = 'Dover'", False),
        ("district != 'dover'", "{{ Dimension('district') }} != 'Dover'", False),
        (
            "district=king's lynn and west norfolk",
            "{{ Dimension('district') }} = 'King''s Lynn and West Norfolk'",
            False,
        ),
        ("month >= 2026-04", "{{ TimeDimension('metric_time', 'month') }} >= '2026-04-01'", True),
        ("month = 2026-04-30", "{{ TimeDimension('metric_time', 'month') }} = '2026-04-01'", True),
        (
            "financial_year = 2025-26",
            "{{ TimeDimension('metric_time', 'month') }} >= '2025-04-01' and "
            "{{ TimeDimension('metric_time', 'month') }} <= '2026-03-01'",
            True,
        ),
        (
            "financial_year > 2025-26",
            "{{ TimeDimension('metric_time', 'month') }} > '2026-03-01'",
            True,
        ),
        (
            "financial_year < 2025-26",
            "{{ TimeDimension('metric_time', 'month') }} < '2025-04-01'",
            True,
        ),
        ("is_on_uc = TRUE", "{{ Dimension('is_on_uc') }} = 'true'", False),
        ("month_number > 1", "{{ Dimension('month_number') }} > '1'", False),
        ("{{ Dimension('a__b') }} = 1", "{{ Dimension('a__b') }} = 1", False),
        (
            "{{ TimeDimension('metric_time', 'day') }} = 1",
            "{{ TimeDimension('metric_time', 'day') }} = 1",
            True,
        ),
    ],
)
def test_a_comparison_takes_the_engines_form(written: str, template: str, is_of_time: bool) -> None:
    assert read(written) == Filter(template, is_of_time)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("Dover", "cannot read the filter 'Dover'"),
        ("district =", "cannot read the filter"),
        ("month = 2026-13", "a month is written like 2026-04"),
        ("financial_year = 2025", "a financial year is written like 2025-26"),
        ("district = Dovr", "no district Dovr; did you mean Dover?"),
        ("district = Atlantis", "no district Atlantis; there are Dover, King's Lynn"),
        ("is_on_uc > true", "only = and != compare with true or false"),
        ("month_number > x", "x is no number"),
    ],
)
def test_what_cannot_be_meant_is_told(written: str, message: str) -> None:
    with pytest.raises(MetricError) as told:
        read(written)
    assert message in str(told.value)
