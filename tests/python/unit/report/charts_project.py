"""A page with every chart, rendered once with the options that its charts were drawn from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from small_project import FIXTURES, make_project, render

from openlsi.report.charts.drawing import DrawingRoom
from openlsi.report.charts.svg import Drawing
from openlsi.report.errors import Place

SQL = (FIXTURES / "charts.sql").read_text(encoding="utf-8")
BOUNDARIES = (FIXTURES / "charts.geojson").read_text(encoding="utf-8")


@dataclass
class Gallery:
    """The rendered page, and every option with the width that it was drawn for."""

    site: Path
    options: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    @property
    def html(self) -> str:
        """Return the page."""
        return (self.site / "index.html").read_text(encoding="utf-8")

    def figure(self, title: str) -> str:
        """Return the markup of the figure with a title."""
        figures = self.html.split("<figure ")[1:]
        return next(f for f in figures if f'class="figure-title">{title}<' in f)


def render_gallery(folder: Path) -> Gallery:
    """Render the page of all charts."""
    gallery = Gallery(folder / "site")
    draw = DrawingRoom.draw

    def recording(
        room: DrawingRoom, option: dict[str, Any], width: int, height: int, place: Place
    ) -> Drawing:
        gallery.options.append((width, option))
        return draw(room, option, width, height, place)

    page = (FIXTURES / "charts.md").read_text(encoding="utf-8")
    files = {"pages/index.md": page, "static/ponds.geojson": BOUNDARIES}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DrawingRoom, "draw", recording)
        render(make_project(folder / "project", files, SQL), gallery.site)
    return gallery


def outline(option: dict[str, Any]) -> list[str]:
    """Return what an option draws, a line for each axis, series and mark laid over."""
    lines: list[str] = []
    for name in ("xAxis", "yAxis", "calendar"):
        axes = option.get(name, [])
        for axis in axes if isinstance(axes, list) else [axes]:
            lines.append(f"  {name}: {_axis(axis)}")
    for series in option["series"]:
        lines.append("  " + _series(series))
    for texts in option.get("$titles") or []:
        lines += [f"    says {text}" for text in texts[:2]]
    return lines


def _axis(axis: dict[str, Any]) -> str:
    known = ("type", "name", "data", "min", "max", "interval", "position", "scale", "range")
    parts = [f"{key}={axis[key]}" for key in known if axis.get(key, False) is not False]
    formatter = axis.get("axisLabel", {}).get("formatter", {}).get("$format", {})
    parts += [f"{key}={formatter[key]}" for key in ("tag", "ticks") if formatter.get(key)]
    return " ".join(parts)


def _series(series: dict[str, Any]) -> str:
    for mark in ("markLine", "markArea", "markPoint"):
        if mark in series:
            return f"{mark} {series[mark]['data']}"
    values = [_value(item) for item in series["data"]]
    known = ("name", "stack", "yAxisIndex", "step", "connectNulls", "calendarIndex")
    parts = [f"{key}={series[key]}" for key in known if series.get(key)]
    parts += ["filled"] * ("areaStyle" in series)
    return f"{series['type']} {' '.join(parts)}: {values}"


def _value(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    colour = item.get("itemStyle", {}).get("color")
    return [*item["value"], colour] if colour else item["value"]
