"""Boundaries of areas from a GeoJSON file, laid flat for a drawing without map tiles."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from openlsi.report.errors import nearest

Point = tuple[float, float]
Ring = tuple[Point, ...]


class BoundaryError(Exception):
    """What is wrong with a file of boundaries, and what to do."""


@dataclass(frozen=True)
class Area:
    """An area: its code, its name, and its rings in degrees (longitude, latitude)."""

    code: str
    name: str
    rings: tuple[Ring, ...]


@dataclass(frozen=True)
class Boundaries:
    """All areas of a file, and the sentence of its publisher."""

    areas: tuple[Area, ...]
    attribution: str = ""


@dataclass(frozen=True)
class Plane:
    """A flat sheet: how degrees become pixels. Small regions need no more than this."""

    west: float
    north: float
    stretch: float
    scale: float
    left: float
    top: float
    width: int
    height: int

    def place(self, point: Point) -> Point:
        """Return where a point lies, in pixels."""
        return (
            round(self.left + (point[0] - self.west) * self.stretch * self.scale, 1),
            round(self.top + (self.north - point[1]) * self.scale, 1),
        )

    def ring(self, ring: Ring) -> list[Point]:
        """Return a ring in pixels, points on the same spot once."""
        placed = [self.place(point) for point in ring]
        return [p for i, p in enumerate(placed) if i == 0 or p != placed[i - 1]]


def read_boundaries(path: Path, geo_id: str) -> Boundaries:
    """Read a file whose features have a code under `geo_id`.

    A name is taken from the property that ends in NM where the code's ends in CD, as ONS names
    them, else from `name`, else the code stands for it. Raises BoundaryError.
    """
    return _read(path, path.stat().st_mtime_ns, geo_id)


@lru_cache(maxsize=16)
def _read(path: Path, changed: int, geo_id: str) -> Boundaries:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        features = content["features"]
        if not isinstance(features, list) or not features:
            raise BoundaryError("has no features")
    except (ValueError, KeyError, TypeError) as error:
        raise BoundaryError(f"is no GeoJSON with features ({error})") from error
    areas = tuple(_area(feature, number, geo_id) for number, feature in enumerate(features, 1))
    codes = [area.code for area in areas]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise BoundaryError(f"has {twice!r} twice under {geo_id}")
    return Boundaries(areas, str(content.get("attribution") or "").replace("(c)", "©"))


def _area(feature: Any, number: int, geo_id: str) -> Area:
    try:
        properties, geometry = feature["properties"] or {}, feature["geometry"]
        kind, coordinates = geometry["type"], geometry["coordinates"]
    except (KeyError, TypeError) as error:
        raise BoundaryError(f"feature {number} has no properties or geometry") from error
    if geo_id not in properties:
        raise BoundaryError(
            f"feature {number} has no property {geo_id!r}{nearest(geo_id, properties)}"
        )
    if kind not in ("Polygon", "MultiPolygon"):
        raise BoundaryError(f"feature {number} is a {kind}; areas are Polygon or MultiPolygon")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    rings = tuple(_ring(ring, number) for polygon in polygons for ring in polygon)
    code = str(properties[geo_id])
    named = [geo_id[:-2] + "NM"] if geo_id.upper().endswith("CD") else []
    name = next((str(properties[key]) for key in [*named, "name"] if properties.get(key)), code)
    return Area(code, name, rings)


def _ring(ring: Any, number: int) -> Ring:
    try:
        points = tuple((float(point[0]), float(point[1])) for point in ring)
    except (TypeError, ValueError, IndexError) as error:
        raise BoundaryError(f"feature {number} has a point that is no pair of numbers") from error
    if any(abs(x) > 180 or abs(y) > 90 for x, y in points):
        raise BoundaryError(
            f"feature {number} is not in degrees; convert the file to WGS 84 (EPSG:4326)"
        )
    return points


def plane_for(areas: Iterable[Area], width: int, most_height: int) -> Plane:
    """Return the sheet that holds all areas, as wide as asked and no higher than may be."""
    points = [point for area in areas for ring in area.rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    stretch = math.cos(math.radians((south + north) / 2))
    across, down = max((east - west) * stretch, 1e-9), max(north - south, 1e-9)
    margin = 4
    scale = min((width - 2 * margin) / across, (most_height - 2 * margin) / down)
    left = (width - across * scale) / 2
    return Plane(
        west, north, stretch, scale, left, margin, width, math.ceil(down * scale + 2 * margin)
    )


def path_of(plane: Plane, area: Area) -> str:
    """Return the outline of an area as the text of an SVG path."""
    parts: list[str] = []
    for ring in area.rings:
        points = plane.ring(ring)
        if len(points) > 2:
            parts.append("M" + "L".join(f"{x:g},{y:g}" for x, y in points[:-1]) + "Z")
    return "".join(parts)


def widest_level(points: Sequence[Point], height: float) -> tuple[float, float, float]:
    """Return (middle, y, room) of the widest level strip of a height inside a ring."""
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    best = (0.0, 0.0, 0.0)
    for number in range(1, 24):
        y = top + (bottom - top) * number / 24
        span = _common([_inside(points, y + offset) for offset in (-height / 2, 0.0, height / 2)])
        if span[1] - span[0] > best[2]:
            best = ((span[0] + span[1]) / 2, y, span[1] - span[0])
    return best


def _inside(points: Sequence[Point], y: float) -> tuple[float, float]:
    """Return the longest stretch of a level line that lies inside a ring."""
    crossings = sorted(
        x1 + (y - y1) / (y2 - y1) * (x2 - x1)
        for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True)
        if (y1 <= y) != (y2 <= y)
    )
    pairs = list(zip(crossings[::2], crossings[1::2], strict=False))
    return max(pairs, key=lambda pair: pair[1] - pair[0], default=(0.0, 0.0))


def _common(spans: Sequence[tuple[float, float]]) -> tuple[float, float]:
    low, high = max(span[0] for span in spans), min(span[1] for span in spans)
    return (low, high) if high > low else (0.0, 0.0)
