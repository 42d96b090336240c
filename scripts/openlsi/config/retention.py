"""Months that are kept: one arithmetic for feeds, sharings and campaigns."""

from __future__ import annotations

from datetime import date


def first_kept(today: date, retention_months: int) -> date:
    """Return the first month that is kept: so many whole months before the month of today."""
    months = today.year * 12 + today.month - 1 - retention_months
    return date(months // 12, months % 12 + 1, 1)
