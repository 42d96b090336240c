"""What components that show figures share: texts, marks, directions, and words for nothing."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from openlsi.report.components.props import Call, Prop
from openlsi.report.data import Table
from openlsi.report.templating import render

EMPTY_PROPS = {
    "emptySet": Prop("choice", "error", choices=("error", "warn", "pass")),
    "emptyMessage": Prop("text", "No records"),
}
DATA = {"data": Prop("data", required=True)}


def empty_message(call: Call, is_inline: bool = False) -> Markup | None:
    """Return a sentence for an empty data set, or refuse it where the page does not allow it.

    What stands in a sentence says it there, and not in a paragraph of its own.
    """
    if call.data.rows:
        return None
    # As in Evidence, emptySet is about the page as it opens: a choice may well leave nothing.
    if call.props["emptySet"] == "error" and not call.context.choice:
        raise call.error(
            f"query {call.data.name!r} yielded no rows; add emptySet=pass and emptyMessage=… "
            "if that may happen"
        )
    return nothing_said(call, is_inline)


def nothing_said(call: Call, is_inline: bool = False) -> Markup:
    """Return the page's own sentence where there is nothing to show."""
    message = call.props["emptyMessage"]
    return render("components/empty.html.jinja", message=message, is_inline=is_inline)


@dataclass(frozen=True)
class Shown:
    """A value as text, with its direction where it is a difference."""

    text: str
    is_mark: bool
    number: float | None = None


def shown_value(call: Call, table: Table, column: str, row: int, tag: str | None) -> Shown:
    """Return one value as Evidence prints it, never abbreviated; or the mark in its place."""
    mark = call.context.note_mark(table.mark(row, column))
    if mark:
        return Shown(mark, True)
    value = table.rows[row][table.columns.index(column)]
    text = call.context.js.format_column(table, column, tag, [value], with_units=False)[0]
    annotation = call.context.note_mark(table.annotation(row, column))
    text = f"{text} {annotation}" if annotation else text
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    return Shown(text, False, number)


def marks_of(table: Table, columns: list[str]) -> list[str]:
    """Return the marks that some columns show, in place of values or beside them."""
    found = {
        table.mark(row, column) or table.annotation(row, column)
        for column in columns
        for row in range(len(table.rows))
    }
    return sorted(mark for mark in found if mark)


def explained(call: Call, marks: list[str]) -> list[tuple[str, str | None]]:
    """Return marks with their meanings, and see that the page explains them at its end too."""
    meanings = call.context.settings.mark_meanings
    return [
        (mark, meanings.get(mark.strip("[]"))) for mark in marks if call.context.note_mark(mark)
    ]


def direction(number: float | None, down_is_good: bool, low: float, high: float) -> tuple[str, str]:
    """Return (symbol, judgement) of a difference."""
    if number is None or low <= number <= high:
        return "–", "neutral"
    rises = number > high
    return ("▲" if rises else "▼"), ("good" if rises != down_is_good else "bad")
