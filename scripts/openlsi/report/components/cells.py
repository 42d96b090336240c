"""The cells of a table: text, or what a column's content type makes of it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from openlsi.report.addresses import is_external, is_safe
from openlsi.report.charts.sparkline import sparkline
from openlsi.report.components.cell_html import safe_html
from openlsi.report.components.colour_scale import steps_of
from openlsi.report.components.columns import Head
from openlsi.report.components.figures import direction
from openlsi.report.components.props import Call
from openlsi.report.data import Table, Value
from openlsi.report.rendering import number_text

_TWO_YEARS = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True)
class Cell:
    """One cell: its text, and what else its column's content type shows.

    The text of a quiet cell is read out and found by search, but not seen.
    """

    text: str
    is_mark: bool = False
    sort: str = ""
    link: str | None = None
    image: str | None = None
    symbol: str = ""
    classes: str = ""
    bar: tuple[float, float, str] | None = None
    markup: Markup | None = None
    is_quiet: bool = False


def cells_of(call: Call, table: Table, head: Head) -> list[Cell]:
    """Return a column's cells from top to bottom; a mark stands where a value is hidden."""
    texts = _texts(call, table, head)
    values = table.values(head.column)
    scale = _scale(values)
    is_shaded = head.props["contentType"] == "colorscale"
    shades = steps_of(table, head) if is_shaded else [None] * len(texts)
    cells: list[Cell] = []
    for row, (value, text) in enumerate(zip(values, texts, strict=True)):
        mark = call.context.note_mark(table.mark(row, head.column))
        if mark:
            cells.append(Cell(mark, is_mark=True, classes="cell-mark"))
            continue
        annotation = call.context.note_mark(table.annotation(row, head.column))
        shown = f"{text} {annotation}" if annotation else text
        if is_shaded:
            cells.append(Cell(shown, sort=_sort(value), classes=shades[row] or ""))
        elif _is_number(value) and head.props["contentType"] in ("delta", "bar"):
            cells.append(_figure(head, float(value or 0), shown, scale))
        else:
            cells.append(_cell(call, table, head, row, value, shown))
    return cells


def _texts(call: Call, table: Table, head: Head) -> list[str]:
    js = call.context.js
    tag_column = head.props["fmtColumn"]
    if tag_column is None:
        return js.format_column(table, head.column, head.props["fmt"])
    values = table.values(head.column)
    tags = [str(tag) if tag is not None else None for tag in table.values(tag_column)]
    by_tag = {
        tag: js.format_column(table, head.column, tag or head.props["fmt"]) for tag in set(tags)
    }
    return [by_tag[tags[row]][row] for row in range(len(values))]


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _sort(value: Value) -> str:
    return "" if value is None else str(value)


def _cell(call: Call, table: Table, head: Head, row: int, value: Value, text: str) -> Cell:
    content = head.props["contentType"]
    if value in (None, "") or content in (None, "delta", "bar"):
        return Cell(text, sort=_sort(value), classes=_sign(head, value))
    if content == "link":
        label = _link_label(call, table, head, row, text)
        return Cell(label, sort=_sort(value), link=_link(call, value))
    if content == "image":
        return _image(call, table, head, row, str(value))
    if content == "html":
        return _html(call, head, str(value))
    return _spark(call, head, value)


def _sign(head: Head, value: Value) -> str:
    if isinstance(value, str):
        # Browsers break 2026-27 after its hyphen.
        return "cell-date" if _TWO_YEARS.fullmatch(value) else ""
    negative = isinstance(value, int | float) and value < 0 and head.props["redNegatives"]
    return "cell-negative" if negative else ""


def _figure(head: Head, value: float, text: str, scale: tuple[float, float]) -> Cell:
    """Return the cell of a number that is also shown as a direction or a bar."""
    props = head.props
    sort = number_text(value)
    if props["contentType"] == "bar":
        bar = _bar(value, scale)
        return Cell(
            text, sort=sort, classes=_sign(head, value), bar=bar, is_quiet=props["hideLabels"]
        )
    symbol, judgement = direction(
        value, props["downIsGood"], props["neutralMin"], props["neutralMax"]
    )
    return Cell(
        text,
        sort=sort,
        symbol=symbol if props["deltaSymbol"] else "",
        classes=f"delta-{judgement}",
        is_quiet=not props["showValue"],
    )


def _link(call: Call, value: Value) -> str | None:
    address = str(value)
    call.context.link_places.setdefault(address, call.place)
    return address if is_safe(address) else None


def _link_label(call: Call, table: Table, head: Head, row: int, text: str) -> str:
    label = head.props["linkLabel"]
    if label is None:
        return text
    if label not in table.columns:
        return str(label)
    value = table.rows[row][table.columns.index(label)]
    return call.context.js.format_column(table, label, head.props["fmt"], [value])[0]


def _image(call: Call, table: Table, head: Head, row: int, address: str) -> Cell:
    """Return a picture of the site's own; one from elsewhere is named, since none is fetched."""
    alt = head.props["alt"]
    words = str(table.values(alt)[row] or "") if alt in table.columns else alt or ""
    if not is_safe(address) or is_external(address):
        return Cell(words or address, sort=words or address)
    call.context.link_places.setdefault(address, call.place)
    return Cell(words, sort=words or address, image=address)


def _html(call: Call, head: Head, text: str) -> Cell:
    if head.column not in call.context.settings.html_columns:
        raise call.error(
            f"column {head.column!r} has contentType=html, which puts data into the page as "
            "markup; name the column under html_columns in site.yaml to allow it"
        )
    return Cell("", markup=safe_html(text))


def _spark(call: Call, head: Head, value: Value) -> Cell:
    """Return a small drawing of a column that holds a list of records."""
    x, y = head.props["sparkX"], head.props["sparkY"]
    if x is None or y is None:
        raise call.error(f"column {head.column!r}: a sparkline needs sparkX=… and sparkY=…")
    numbers = _numbers_of(call, head, str(value), x, y)
    known = [number for number in numbers if number is not None]
    words = "no values"
    if known:
        tag = head.props["fmt"] or "num0"
        first, last = (
            call.context.js.call("openlsiFormats.fmt", number, tag)
            for number in (known[0], known[-1])
        )
        words = f"from {first} to {last}, {len(known)} values"
    kind = head.props["contentType"].removeprefix("spark")
    drawing = sparkline(numbers, kind, label=f"{head.title}: {words}")
    return Cell("", sort=str(known[-1] if known else ""), markup=drawing)


def _numbers_of(call: Call, head: Head, text: str, x: str, y: str) -> list[float | None]:
    """Return a list's values in the order of x."""
    try:
        records = sorted(json.loads(text), key=lambda record: record[x])
        return [None if record[y] is None else float(record[y]) for record in records]
    except (ValueError, TypeError, KeyError) as error:
        raise call.error(
            f"column {head.column!r} should hold lists of records with {x!r} and {y!r}, as "
            f"array_agg({{'{x}': {x}, '{y}': {y}}}) yields"
        ) from error


def _scale(values: Sequence[Value]) -> tuple[float, float]:
    """Return the least and the greatest number of a column, nought among them."""
    numbers = [float(value) for value in values if isinstance(value, int | float)]
    return min(0.0, 0.0, *numbers), max(0.0, 0.0, *numbers)


def _bar(value: float, scale: tuple[float, float]) -> tuple[float, float, str]:
    """Return (start, width, sign) of a cell's bar on a scale of 0 to 100."""
    low, high = scale
    span = (high - low) or 1.0
    start = (min(value, 0.0) - low) / span * 100
    return round(start, 2), round(abs(value) / span * 100, 2), "minus" if value < 0 else "plus"
