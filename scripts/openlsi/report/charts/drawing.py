"""Drawing options to SVG in the embedded engine, each distinct drawing once."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dukpy

from openlsi.report.charts import svg
from openlsi.report.charts.axes import NARROW
from openlsi.report.errors import Place, ReportError
from openlsi.report.javascript_engine import FORMATS, script

ENGINE = "echarts 5.6.0"


class DrawingRoom:
    """Draws options to cleaned SVG; keeps drawings by the hash of all that shapes them."""

    def __init__(self, cache: Path | None, formats: Sequence[tuple[str, str, str]]) -> None:
        self.asked = 0
        self.drawn = 0
        self._cache = cache
        self._formats = list(formats)
        self._engine: dukpy.JSInterpreter | None = None
        self._kept: dict[str, svg.Drawing] = {}
        scripts = "".join(script(*path) for path in (("javascript", "charts.js"), *FORMATS))
        widths = script("charts", "text_widths.json")
        cleaning = script("charts", "svg.py") + script("charts", "palette.py")
        self._salt = _hash(ENGINE, scripts, widths, cleaning, json.dumps(self._formats))

    def draw(self, option: dict[str, Any], width: int, height: int, place: Place) -> svg.Drawing:
        """Return an option's drawing, from the cache where it was drawn before.

        `$titles` of an option are what its marks say when they are pointed at, which nobody does
        on a screen as small as the narrow drawing is for.
        """
        self.asked += 1
        titles = option.get("$titles") if width >= NARROW else None
        text = json.dumps(option, sort_keys=True, ensure_ascii=True, allow_nan=False)
        key = _hash(self._salt, text, str(width), str(height))
        if key not in self._kept:
            self._kept[key] = self._read(key, width, height) or self._draw(
                key, text, (width, height), titles, place
            )
        return self._kept[key]

    def _draw(
        self,
        key: str,
        text: str,
        size: tuple[int, int],
        titles: svg.Titles | None,
        place: Place,
    ) -> svg.Drawing:
        self.drawn += 1
        width, height = size
        code = f"openlsiCharts.draw({text}, {width}, {height})"
        try:
            drawn = str(self._started().evaljs(code))
        except dukpy.JSRuntimeError as error:
            problem = str(error).splitlines()[0]
            raise ReportError(f"the chart cannot be drawn: {problem}", place) from error
        drawing = svg.clean(drawn, width, height, titles)
        self._write(key, drawing)
        return drawing

    def _started(self) -> dukpy.JSInterpreter:
        """Start the engine at the first chart that is not in the cache: it costs 0.3 s."""
        if self._engine is None:
            engine = dukpy.JSInterpreter()
            for path in (
                ("vendor", "echarts.min.js"),
                ("vendor", "ssf.js"),
                *FORMATS,
                ("javascript", "charts.js"),
            ):
                engine.evaljs(script(*path) + "\n;0")
            engine.evaljs(f"openlsiCharts.prepare({script('charts', 'text_widths.json')})")
            for tag, code, kind in self._formats:
                engine.evaljs(f"openlsiFormats.addCustom({json.dumps([tag, code, kind])[1:-1]})")
            self._engine = engine
        return self._engine

    def _read(self, key: str, width: int, height: int) -> svg.Drawing | None:
        if not self._cache:
            return None
        path = self._cache / f"{key}.svg"
        try:
            return svg.Drawing(path.read_text(encoding="utf-8"), width, height)
        except OSError:
            return None

    def _write(self, key: str, drawing: svg.Drawing) -> None:
        if not self._cache:
            return
        self._cache.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._cache)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(drawing.inner)
        Path(name).replace(self._cache / f"{key}.svg")


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8")).hexdigest()
