"""What every chart stands in: title, drawings, a sentence, its notes, its data and its CSV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from openlsi.report.charts.svg import Drawing
from openlsi.report.components.figures import EMPTY_PROPS, explained, marks_of
from openlsi.report.components.props import Call, Prop
from openlsi.report.data import Table
from openlsi.report.glossary import Term
from openlsi.report.templating import render

WIDTHS = (("wide", 720), ("narrow", 340))
UNITS = {"gbp": "£", "usd": "$", "eur": "€", "pct": "%"}
NUMBERS = "number"

FRAME_PROPS = {
    "title": Prop("text"),
    "subtitle": Prop("text"),
    "downloadableData": Prop("flag", True),
    "downloadableImage": Prop("ignored"),
    "renderer": Prop("ignored"),
    "connectGroup": Prop("ignored"),
    "printEchartsConfig": Prop("ignored"),
    "leftPadding": Prop("ignored"),
    "rightPadding": Prop("ignored"),
    **EMPTY_PROPS,
}


@dataclass(frozen=True)
class Key:
    """One entry of a legend: its name, the class of its colour, and the shape of its mark."""

    name: str
    colour: str
    shape: str = "box"  # box | line | dot | hatch
    dash: int = 1


@dataclass(frozen=True)
class Column:
    """A column of the table behind a chart: its head and the format of its values.

    Links, by row, and other texts than the values' own stand where they are given.
    """

    name: str
    head: str | None = None
    tag: str | None = None
    links: Sequence[str | None] | None = None
    texts: Sequence[str] | None = None


@dataclass(frozen=True)
class Shown:
    """What a chart shows, apart from the frame that all charts share.

    `paint` yields the drawing of a width in pixels; `marked` are the columns whose hidden values
    are explained below it. The table holds the columns, unless another is given.
    """

    kind: str
    paint: Callable[[int], Drawing]
    summary: str
    columns: Sequence[Column]
    marked: Sequence[str]
    legend: Sequence[Key] = ()
    has_direct_labels: bool = False
    axis_title: str = ""
    notes: Sequence[str] = ()
    is_group: bool = False
    table: dict[str, Any] | None = None
    widths: tuple[tuple[str, int], ...] = WIDTHS


def nothing_to_draw(columns: Sequence[Column], marked: Sequence[str]) -> Shown:
    """Return what a chart shows whose every value is hidden or missing: a sentence, the table."""
    return Shown("bar", lambda width: Drawing("", width, 0), "", columns, marked, widths=())


def figure(call: Call, shown: Shown) -> Markup:
    """Return a chart in its frame."""
    props, table = call.props, call.data
    title = props["title"]
    identifier = call.context.identifier(title or f"chart {table.name}")
    drawings = []
    for size, width in shown.widths:
        drawing = shown.paint(width)
        inner = Markup(drawing.named(f"{identifier}-{size}"))  # noqa: S704 - cleaned SVG
        drawings.append({"size": size, "drawing": drawing, "inner": inner})
    marks = marks_of(table, [column.name for column in shown.columns])
    return render(
        "components/chart.html.jinja",
        identifier=identifier,
        title=title,
        term=_title_term(call, shown),
        subtitle=props["subtitle"],
        kind=shown.kind,
        choice=call.context.choice,
        drawings=drawings,
        summary=shown.summary,
        legend=shown.legend,
        direct=shown.has_direct_labels,
        axis_title=shown.axis_title,
        is_group=shown.is_group,
        table=shown.table or data_table(call, shown.columns),
        gaps=_gap_note(table, shown.marked),
        marks=explained(call, marks),
        notes=shown.notes,
        download=_download(call, identifier, shown) if props["downloadableData"] else None,
    )


def _download(call: Call, identifier: str, shown: Shown) -> str:
    tags = {column.name: column.tag for column in shown.columns}
    return call.context.download(identifier, call.data, tags=tags)


def _title_term(call: Call, shown: Shown) -> Term | None:
    """Return the term of a chart's title: it has one where all that is drawn is one metric."""
    found = {
        call.context.term(call.data, column.name)
        for column in shown.columns
        if call.data.kind(column.name) == NUMBERS
    }
    return found.pop() if len(found) == 1 else None


def _gap_note(table: Table, columns: Sequence[str]) -> str:
    """Return a sentence that says how many values a chart leaves out, and why it has gaps."""
    count = sum(
        table.mark(row, column) is not None
        for column in dict.fromkeys(columns)
        for row in range(len(table.rows))
    )
    if not count:
        return ""
    return "1 value is not shown" if count == 1 else f"{count} values are not shown"


def data_table(call: Call, columns: Sequence[Column]) -> dict[str, Any]:
    """Return a chart's own columns as text, in the order of the query, under readable heads."""
    table = call.data
    unique = {column.name: column for column in columns}
    cells = [_cells(call, column) for column in unique.values()]
    return {
        "heads": [
            (
                column.head or head_of(call, column.name),
                table.kind(column.name) == NUMBERS,
                call.context.term(table, column.name),
            )
            for column in unique.values()
        ],
        "rows": list(zip(*cells, strict=True)),
    }


def _cells(call: Call, column: Column) -> list[dict[str, Any]]:
    table = call.data
    texts = column.texts or texts_of(call, column.name, column.tag, table.values(column.name))
    links = column.links or [None] * len(texts)
    cells = []
    for row, (text, link) in enumerate(zip(texts, links, strict=True)):
        mark, note = table.mark(row, column.name), table.annotation(row, column.name)
        shown = mark or (f"{text} {note}" if note else text)
        cells.append({"text": shown, "is_mark": bool(mark), "link": link})
    return cells


def head_of(call: Call, column: str) -> str:
    """Return a column's head: as the site names it, else its title with its unit as a sign."""
    named = call.context.settings.column_titles.get(column)
    if named:
        return named
    base, _, suffix = column.rpartition("_")
    tag = suffix.lower()
    if base and call.context.js.knows_format(tag):
        unit = next((sign for name, sign in UNITS.items() if tag.startswith(name)), "")
        title = call.context.js.title(base)
        return f"{title} ({unit})" if unit else title
    return call.context.js.title(column)


def value_format(call: Call, column: str, tag: str | None, units: bool = True) -> dict[str, Any]:
    """Return what turns a column's values into text inside a drawing."""
    kind = call.data.kind(column)
    summary = call.context.js.call("openlsiFormats.summarise", call.data.values(column), kind)
    return {"tag": tag, "name": column, "kind": kind, "summary": summary, "units": units}


def texts_of(call: Call, column: str, tag: str | None, values: Sequence[Any]) -> list[str]:
    """Return values of a column as text without abbreviation of the engine's own choice.

    Whole numbers have no decimals unless the page asks for them, and a format in which something
    would read as nought gives way to a finer one.
    """
    table, js = call.data, call.context.js
    if table.kind(column) != NUMBERS:
        return js.format_column(table, column, tag, values, with_units=False)
    every = table.values(column)
    if tag is None and _is_plain(call, column):
        numbers = [value for value in every if isinstance(value, int | float)]
        tag = "num0" if all(float(number).is_integer() for number in numbers) else None
    if tag is None:
        return js.format_column(table, column, tag, values, with_units=False)
    texts = js.call("openlsiFormats.readable", list(values), NUMBERS, column, tag, every)
    return [str(text) for text in texts]


def _is_plain(call: Call, column: str) -> bool:
    """Return whether a column's name says nothing of how its numbers are written."""
    suffix = column.rpartition("_")[2].lower()
    return suffix not in ("year", "id") and not call.context.js.knows_format(suffix)


def number_column(call: Call, prop: str, is_required: bool = True) -> str | None:
    """Return the column of numbers that a prop names."""
    name = call.props[prop]
    if name is None:
        if is_required:
            raise call.error(f"needs {prop}=…")
        return None
    column = call.column(str(name))
    if call.data.kind(column) != NUMBERS:
        raise call.error(f"{prop}={name!r} holds {call.data.kind(column)}s, not numbers")
    return column


def range_words(call: Call, column: str, tag: str | None, names: Sequence[str]) -> str:
    """Return lowest and highest value of a column with the name of the row that each is in."""
    pairs = [
        (value, name)
        for row, (value, name) in enumerate(zip(call.data.values(column), names, strict=True))
        if isinstance(value, int | float) and call.data.mark(row, column) is None
    ]
    if not pairs:
        return "no values."
    low, high = min(pairs, key=lambda p: p[0]), max(pairs, key=lambda p: p[0])
    texts = texts_of(call, column, tag, [low[0], high[0]])
    return f"lowest {texts[0]} ({low[1]}), highest {texts[1]} ({high[1]})."
