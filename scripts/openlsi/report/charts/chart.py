"""A chart with axes as plain values: what a page asked for, before it becomes an option."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from openlsi.report.charts import palette
from openlsi.report.charts.series import ChartData, Series

MOST_DIRECT_LABELS = 4


@dataclass(frozen=True)
class Axis:
    """What a page may say about an axis; `format` is the value format that its labels have."""

    format: dict[str, Any]
    title: str = ""
    low: float | None = None
    high: float | None = None
    is_log: bool = False
    is_scaled: bool = False
    has_grid: bool = True
    has_labels: bool = True
    is_whole: bool = False


@dataclass(frozen=True)
class Look:
    """How the series of a layer are drawn; lengths are pixels, opacity is 0 to 1."""

    has_markers: bool = False
    joins_gaps: bool = False
    step: str | None = None
    line_width: float = 2.0
    dash: str | None = None
    is_filled: bool = False
    opacity: float | None = None
    stack: str | None = None
    label_format: dict[str, Any] | None = None
    label_side: str | None = None
    shows_totals: bool = False
    symbol: str | None = None
    symbol_size: float = 8.0
    colour: str | None = None


@dataclass(frozen=True)
class Layer:
    """Series drawn one way: kind is line, bar or scatter; axis is 0 (left) or 1 (right)."""

    kind: str
    series: tuple[Series, ...]
    axis: int = 0
    look: Look = Look()

    @property
    def shares_bars(self) -> bool:
        """Return whether some bar is made of several series, one on the other."""
        if self.kind != "bar" or not self.look.stack:
            return False
        return any(
            sum(point[1] is not None for point in points) > 1
            for points in zip(*(series.points for series in self.series), strict=True)
        )


@dataclass(frozen=True)
class Chart:
    """A chart ready to be turned into an option of some width."""

    data: ChartData
    layers: tuple[Layer, ...]
    x_axis: Axis
    y_axis: Axis
    y2_axis: Axis | None = None
    swapped: bool = False
    percent: bool = False
    area_height: float = 220.0
    colours: dict[str, str] = field(default_factory=dict)
    palette_order: tuple[str, ...] = palette.CATEGORICAL
    overlays: tuple[dict[str, Any], ...] = ()
    x_bounds: tuple[float | None, float | None] = (None, None)
    x_step: float | None = None

    @property
    def series(self) -> list[tuple[Layer, Series]]:
        """Return every series with its layer, in the order of the colours."""
        return [(layer, series) for layer in self.layers for series in layer.series]

    @property
    def has_direct_labels(self) -> bool:
        """Return whether series are named at their lines' ends where there is room."""
        return (
            len(self.layers) == 1
            and self.layers[0].kind == "line"
            and not self.layers[0].look.is_filled
            and 1 < len(self.series) <= MOST_DIRECT_LABELS
            and not self.swapped
        )

    def has(self, kind: str) -> bool:
        """Return whether some layer is of a kind."""
        return any(layer.kind == kind for layer in self.layers)

    def colour(self, number: int, name: str) -> str:
        """Return a series' colour: the page's choice, else the palette's next."""
        own = self.series[number][0].look.colour
        return self.colours.get(name) or own or self.palette_order[number % len(self.palette_order)]

    def extent(self, axis: int) -> tuple[float, float] | None:
        """Return the lowest and highest value that an axis shows, stacks counted as a whole."""
        values = [0.0] if self.has("bar") else []
        for layer in self.layers:
            if layer.axis == axis:
                values += _stacked(layer) if layer.look.stack else _values(layer)
        settings = self.y2_axis if axis else self.y_axis
        if settings and not settings.is_scaled and not settings.is_log and values:
            values.append(0.0)
        if settings and settings.low is not None:
            values.append(settings.low)
        if settings and settings.high is not None:
            values.append(settings.high)
        return (min(values), max(values)) if values else None


def _values(layer: Layer) -> list[float]:
    return [y for series in layer.series for _, y in series.points if y is not None]


def _stacked(layer: Layer) -> list[float]:
    up: dict[Any, float] = {}
    down: dict[Any, float] = {}
    for series in layer.series:
        for x, value in series.points:
            side = up if (value or 0.0) >= 0 else down
            side[x] = side.get(x, 0.0) + (value or 0.0)
    return [*up.values(), *down.values()]
