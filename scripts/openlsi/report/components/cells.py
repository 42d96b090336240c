"""The cells of a table: text, or what a column's content type makes of it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from markupsafe import Markup

from openlsi.report.addresses import is_external, is_safe
from openlsi.report.charts.sparkline import sparkline
from openlsi.report.components.cell_html import safe_html
from openlsi.report.components.colour_scale import step_of
from openlsi.report.components.columns import Head
from openlsi.report.components.figures import direction
from openlsi.report.components.props import Call
from openlsi.report.data import Table, Value


@dataclass(frozen=True)
class Cell:
    """One cell: its text, and what else its column's content type shows."""

    text: str
    is_mark: bool = False
    sort: str = ""
    link: str | None = None
    image: str | None = None
    symbol: str = ""
    classes: str = ""
    bar: tuple[float, float, str] | None = None
    markup: Markup | None = None


def cells_of(call: Call, table: Table, head: Head) -> list[Cell]:
    """Return a column's cells from top to bottom; a mark stands where a value is hidden."""
    texts = _texts(call, table, head)
    cells: list[Cell] = []
    for row, (value, text) in enumerate(zip(table.values(head.column), texts, strict=True)):
        mark = call.context.note_mark(table.mark(row, head.column))
        if mark:
            cells.append(Cell(mark, is_mark=True, classes="cell-mark"))
            continue
        annotation = call.context.note_mark(table.annotation(row, head.column))
        shown = f"{text} {annotation}" if annotation else text
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


def _cell(call: Call, table: Table, head: Head, row: int, value: Value, text: str) -> Cell:
    sort = "" if value is None else str(value)
    content = head.props["contentType"]
    if value in (None, "") or content is None:
        return Cell(text, sort=sort, classes=_sign(head, value))
    if content == "link":
        return Cell(_link_label(call, table, head, row, text), sort=sort, link=_link(call, value))
    if content == "image":
        return _image(call, table, head, row, str(value))
    if content == "html":
        return _html(call, head, str(value))
    if content.startswith("spark"):
        return _spark(call, head, value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return Cell(text, sort=sort)
    return _figure(table, head, row, float(value), text)


def _sign(head: Head, value: Value) -> str:
    negative = isinstance(value, int | float) and value < 0 and head.props["redNegatives"]
    return "cell-negative" if negative else ""


def _figure(table: Table, head: Head, row: int, value: float, text: str) -> Cell:
    """Return the cell of a number that is also shown as a direction, a shade or a bar."""
    props, sort = head.props, str(table.values(head.column)[row])
    content = props["contentType"]
    if content == "delta":
        symbol, judgement = direction(
            value, props["downIsGood"], props["neutralMin"], props["neutralMax"]
        )
        return Cell(
            text if props["showValue"] else "",
            sort=sort,
            symbol=symbol if props["deltaSymbol"] else "",
            classes=f"delta-{judgement}",
        )
    shown = "" if props["hideLabels"] else text
    if content == "colorscale":
        return Cell(text, sort=sort, classes=f"{step_of(table, head, row) or ''}".strip())
    return Cell(shown, sort=sort, classes=_sign(head, value), bar=_bar(table, head, value))


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


def _bar(table: Table, head: Head, value: float) -> tuple[float, float, str]:
    """Return (start, width, sign) of a cell's bar on a scale of 0 to 100."""
    numbers = [float(v) for v in table.values(head.column) if isinstance(v, int | float)]
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    span = (high - low) or 1.0
    start = (min(value, 0.0) - low) / span * 100
    return round(start, 2), round(abs(value) / span * 100, 2), "minus" if value < 0 else "plus"
