"""What the feeds of Academy share: CSV, lower-case headers, open rows that end on 2099-12-31."""

from __future__ import annotations

from openlsi.synthesis import text
from openlsi.synthesis.faults import Dialect
from openlsi.synthesis.text import Column

DIALECT = Dialect(",")
# Columns of the type timestamp are written with their time, dates kept as text without.
DAY, MOMENT = text.Dates("%Y-%m-%d"), text.Dates("%Y-%m-%d 00:00:00")


def line(pieces: list[Column | bytes]) -> Column:
    """Return lines of comma-separated pieces."""
    return text.lines(pieces, b",")
