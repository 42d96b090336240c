"""The option of a heatmap: a grid of two kinds of names, its cells in steps of one colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openlsi.report.charts import palette
from openlsi.report.charts.axes import NARROW, fitted, label
from openlsi.report.charts.binning import class_of, ramp_of
from openlsi.report.charts.option import base_option


@dataclass(frozen=True)
class Cell:
    """One cell: where it stands, its value or None where it has none, and its text."""

    place: tuple[str, ...]
    value: float | None
    text: str
    title: str = ""


@dataclass(frozen=True)
class Grid:
    """The cells of a heatmap with the names across and down, and the edges of the classes."""

    across: tuple[str, ...]
    down: tuple[str, ...]
    cells: tuple[Cell, ...]
    edges: tuple[float, ...]
    cell_height: float = 30.0
    is_labelled: bool = True
    is_labelled_narrow: bool = False
    has_borders: bool = True
    x_position: str = "top"


def colour_of(value: float | None, edges: tuple[float, ...]) -> str:
    """Return the step of the ramp for a value; what has none is as pale as the paper."""
    if value is None:
        return palette.GAP
    return palette.RAMP[ramp_of(class_of(value, edges), len(edges) - 1)]


def _text_colour(value: float | None, edges: tuple[float, ...]) -> str:
    if value is None:
        return palette.MUTED
    return palette.ON_RAMP[ramp_of(class_of(value, edges), len(edges) - 1)]


def grid_height(grid: Grid, width: int) -> int:
    """Return the height of a heatmap: a row each, and room for turned names above."""
    room = 96 if "rotate" in fitted(list(grid.across), width - 80) else 30
    return round(max(100, len(grid.down) * grid.cell_height)) + room + 12


def grid_option(grid: Grid, width: int) -> dict[str, Any]:
    """Return the option of a heatmap for a width in pixels."""
    narrow = width < NARROW
    labelled = grid.is_labelled_narrow if narrow else grid.is_labelled
    return {
        **base_option(),
        "grid": {"left": 2, "right": 4, "top": 4, "bottom": 4, "containLabel": True},
        "xAxis": _across(grid, width),
        "yAxis": _down(grid, width),
        "series": [
            {
                "type": "heatmap",
                "data": [_item(cell, grid.edges, labelled) for cell in grid.cells],
                "itemStyle": {
                    "borderColor": palette.GAP,
                    "borderWidth": 1 if grid.has_borders else 0,
                },
                "labelLayout": {"hideOverlap": True},
            }
        ],
        "$titles": [[cell.title for cell in grid.cells]],
    }


def _across(grid: Grid, width: int) -> dict[str, Any]:
    laid = {"interval": 0, "hideOverlap": True} | fitted(list(grid.across), width - 80)
    return {
        "type": "category",
        "position": grid.x_position,
        "data": list(grid.across),
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "axisLabel": label(**laid),
    }


def _down(grid: Grid, width: int) -> dict[str, Any]:
    how = "break" if width < NARROW else "truncate"
    return {
        "type": "category",
        "inverse": True,
        "data": list(grid.down),
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "axisLabel": label(interval=0, width=round(width * 0.3), overflow=how),
    }


def _item(cell: Cell, edges: tuple[float, ...], labelled: bool) -> dict[str, Any]:
    return {
        "value": [*cell.place, 0 if cell.value is None else cell.value],
        "itemStyle": {"color": colour_of(cell.value, edges)},
        "label": {
            "show": labelled and bool(cell.text),
            # Braces would be read as a template.
            "formatter": cell.text.replace("{", "(").replace("}", ")"),
            "color": _text_colour(cell.value, edges),
            "fontSize": 11,
        },
    }
