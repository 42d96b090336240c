"""How metrics and their answers look: for people on a terminal, for programs elsewhere."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from openlsi.warehouse.metricflow import Metric

_LISTED = ("unit", "good_direction", "owner")
_TOLD = (
    "unit",
    "numerator",
    "denominator",
    "why_it_matters",
    "good_direction",
    "owner",
    "definition",
)
_NOT_AVAILABLE = "[x]"
_WIDTH = 80


def print_list(metrics: Sequence[Metric]) -> None:
    """Print two lines a metric on a terminal, a tab-separated one elsewhere."""
    if not sys.stdout.isatty():
        print("\t".join(["metric", "label", "unit", "good direction", "owner"]))
        for metric in metrics:
            told = [str(metric.meta.get(key, "")) for key in _LISTED]
            print("\t".join([metric.name, metric.label, *told]))
        return
    console = Console(highlight=False)
    for metric in metrics:
        direction = {"up": " (up is good)", "down": " (down is good)"}.get(
            str(metric.meta.get("good_direction")), ""
        )
        console.print(Text(metric.name, style="bold"))
        console.print(
            Text(f"  {metric.label}; {metric.meta.get('unit', '')}{direction}"), soft_wrap=True
        )


def print_told(metric: Metric) -> None:
    """Print all that a metric says of itself."""
    print(f"{metric.name}: {metric.label}")
    print(textwrap.fill(metric.description, _WIDTH))
    for key in _TOLD:
        line = f"{key.replace('_', ' ')}: {metric.meta.get(key, '')}"
        print(textwrap.fill(line, _WIDTH, initial_indent="  ", subsequent_indent="    "))


def print_answer(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], metrics: Mapping[str, Metric]
) -> None:
    """Print a table with labels and units on a terminal, tab-separated lines elsewhere."""
    if not sys.stdout.isatty():
        for row in [columns, *([_plain(cell) for cell in row] for row in rows)]:
            print("\t".join(row))
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        metric = metrics.get(column)
        heading = _heading(metric) if metric else column.replace("_", " ")
        table.add_column(Text(heading), justify="right" if metric else "left", vertical="bottom")
    for row in rows:
        # As text, or rich would take [x] for markup.
        table.add_row(
            *(
                Text(_worded(cell, metrics.get(column)))
                for column, cell in zip(columns, row, strict=True)
            )
        )
    Console(highlight=False).print(table)


def _heading(metric: Metric) -> str:
    unit = str(metric.meta.get("unit", ""))
    says_itself = unit.startswith("pounds") or unit in ("", "ratio") or unit in metric.label.lower()
    return metric.label if says_itself else f"{metric.label}, {unit}"


def _plain(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.6f}".rstrip("0").rstrip(".")
    return f"{cell:%Y-%m}" if isinstance(cell, date) else str(cell)


def _worded(cell: object, metric: Metric | None) -> str:
    """Return a cell as a reader expects it: £1,234.50, 12.3%, 1,234, 2026-10."""
    unit = str(metric.meta.get("unit", "")) if metric else ""
    if cell is None:
        return _NOT_AVAILABLE if metric else ""
    if isinstance(cell, date):
        return f"{cell:%Y-%m}"
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        return str(cell)
    if unit.startswith("pounds"):
        return f"{'-' if cell < 0 else ''}£{abs(cell):,.2f}"
    if unit == "ratio":
        return f"{cell:.1%}"
    return f"{cell:,}" if isinstance(cell, int) else f"{cell:,.4f}".rstrip("0").rstrip(".")
