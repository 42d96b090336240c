"""Inputs that a page without a database can only show as they are set, with a warning."""

from __future__ import annotations

from typing import Any

from openlsi.report.components.props import Call, Prop, check_column
from openlsi.report.data import Table
from openlsi.report.inputs import UNSET, Choice, Input, quoted

_DATES: dict[str, Prop] = {
    "data": Prop("data"),
    "dates": Prop("text"),
    "start": Prop("text"),
    "end": Prop("text"),
    "presetRanges": Prop("ignored"),
    "defaultValue": Prop("text"),
}
FIXED: dict[str, dict[str, Prop]] = {
    "DateRange": _DATES,
    "DateInput": {**_DATES, "range": Prop("flag", False)},
    "TextInput": {
        "defaultValue": Prop("text", ""),
        "placeholder": Prop("ignored"),
        "unsafe": Prop("ignored"),
    },
    "DimensionGrid": {
        "data": Prop("data", required=True),
        "metric": Prop("ignored"),
        "metricLabel": Prop("ignored"),
        "subtitle": Prop("ignored"),
        "fmt": Prop("ignored"),
        "limit": Prop("ignored"),
        "multiple": Prop("ignored"),
    },
}


def read_fixed(call: Call) -> Input:
    """Return an input in its default state, which is the only one that the page shows."""
    name = call.props["name"]
    call.context.warn(
        f"<{call.spec.name}> {name!r} is shown as it is set and cannot be changed: a static page "
        "has no database; use Dropdown, ButtonGroup, Slider or Checkbox",
        call.place,
    )
    choice = {
        "DateRange": _date_range,
        "DateInput": _date_input,
        "TextInput": _text_input,
        "DimensionGrid": _grid,
    }[call.spec.name](call)
    title = call.props["title"] or call.context.js.title(name)
    return Input(name, call.spec.name, title, (choice,), 0, call.place)


def _days(call: Call) -> tuple[str | None, str | None]:
    """Return the first and last day: as written, else of the data."""
    start, end = call.props["start"], call.props["end"]
    table: Table | None = call.props["data"]
    if table is not None and call.props["dates"]:
        column = check_column(table, call.props["dates"], f"<{call.spec.name}> dates=", call.place)
        found = sorted(str(value)[:10] for value in table.values(column) if value is not None)
        if found:
            start, end = start or found[0], end or found[-1]
    return start, end


def _shown(call: Call, day: str | None) -> str:
    if day is None:
        return "any day"
    values = [f"{day}T00:00:00"]
    return str(
        call.context.js.call(
            "openlsiFormats.column", values, "date", "d", "d mmmm yyyy", None, False
        )[0]
    )


def _date_range(call: Call) -> Choice:
    start, end = _days(call)
    code = f"inputs.{call.props['name']}"
    sql = {f"{code}.start": UNSET, f"{code}.end": UNSET} if start is None or end is None else {}
    label = f"{_shown(call, start)} to {_shown(call, end)}"
    return Choice(label, {"start": start, "end": end, "label": label}, sql)


def _date_input(call: Call) -> Choice:
    if call.props["range"]:
        return _date_range(call)
    _, end = _days(call)
    day = call.props["defaultValue"] or end
    code = f"inputs.{call.props['name']}.value"
    return Choice(_shown(call, day), {"value": day}, {code: UNSET} if day is None else {})


def _text_input(call: Call) -> Choice:
    text: Any = call.props["defaultValue"]
    name = call.props["name"]
    return Choice(text or "nothing entered", text, {f"inputs.{name}.sql": quoted(text)})


def _grid(call: Call) -> Choice:
    name = call.props["name"]
    return Choice("all rows", "true", {f"inputs.{name}": "true"})
