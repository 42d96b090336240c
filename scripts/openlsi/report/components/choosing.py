"""What can be chosen in an input that a reader changes: its choices and the one shown first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from openlsi.report.components.props import Call, Prop, Spec, check_column
from openlsi.report.data import Table, Value
from openlsi.report.inputs import UNSET, Choice, Input, quoted
from openlsi.report.parts import MOST_COMBINATIONS

DROPDOWN_OPTION = Spec(
    "DropdownOption",
    {
        "value": Prop("value", required=True),
        "valueLabel": Prop("text"),
        "idx": Prop("ignored"),
    },
    lambda call: Markup(""),
    parents=("Dropdown",),
)
BUTTON_GROUP_ITEM = Spec(
    "ButtonGroupItem",
    {
        "value": Prop("value", required=True),
        "valueLabel": Prop("text"),
        "default": Prop("flag", False),
        "defaultValue": Prop("ignored"),
        "color": Prop("ignored"),
    },
    lambda call: Markup(""),
    parents=("ButtonGroup",),
)


def _input(call: Call, choices: list[Choice], default: int, options: tuple[str, ...] = ()) -> Input:
    name = call.props["name"]
    title = call.props["title"] or call.context.js.title(name)
    return Input(name, call.spec.name, title, tuple(choices), default, call.place, options)


def _listed(call: Call, member: Spec) -> list[tuple[Value, str]]:
    """Return (value, label) of the options written out, then of those in the data, each once."""
    options: list[tuple[Value, str]] = []
    for option in call.members({member.name: member}):
        value = option.props["value"]
        label = option.props["valueLabel"] or str(value)
        options.append((value, label))
    table: Table | None = call.props["data"]
    if table is not None:
        what = f"<{call.spec.name}>"
        chosen = call.props["value"] or "value"
        where, order = call.props["where"], call.props["order"]
        if where or order:
            table = call.context.narrow(table, where, order, call.place)
        column = check_column(table, chosen, f"{what} value=", call.place)
        named = check_column(table, call.props["label"] or column, f"{what} label=", call.place)
        labels = call.context.js.format_column(table, named, None, with_units=False)
        values = table.values(column)
        options += [
            (_date(value, table.kind(column)), label)
            for value, label in zip(values, labels, strict=True)
            if value is not None
        ]
    return list({value: (value, label) for value, label in reversed(options)}.values())[::-1]


def _date(value: Value, kind: str) -> Value:
    return str(value).removesuffix("T00:00:00") if kind == "date" else value


def _place_of(call: Call, options: list[tuple[Value, str]], wanted: Any) -> int:
    texts = [str(value) for value, _ in options]
    if str(wanted) not in texts:
        shown = ", ".join(texts[:8])
        raise call.error(f"defaultValue {wanted!r} is none of the options: {shown}")
    return texts.index(str(wanted))


def _dropdown(call: Call) -> Input:
    options = _listed(call, DROPDOWN_OPTION)
    if call.props["multiple"]:
        return _several(call, options)
    choices = [_one(call, value, label) for value, label in options]
    default = call.props["defaultValue"]
    if isinstance(default, list):
        default = default[0] if default else None
    if call.props["noDefault"] or not choices:
        choices.insert(0, _nothing(call))
        return _input(call, choices, 0)
    return _input(call, choices, 0 if default is None else _place_of(call, options, default))


def _one(call: Call, value: Value, label: str) -> Choice:
    raw = [{"value": value, "label": label}]
    return Choice(label, {"value": value, "label": label, "rawValues": raw})


def _nothing(call: Call) -> Choice:
    name = call.props["name"]
    plain = call.spec.name == "ButtonGroup"
    unset: dict[str, Any] = {"value": None, "label": "nothing chosen", "rawValues": []}
    value = None if plain else unset
    code = f"inputs.{name}" if plain else f"inputs.{name}.value"
    return Choice("nothing chosen", value, {code: UNSET})


def _several(call: Call, options: list[tuple[Value, str]]) -> Input:
    """Return an input of which any number can be chosen; its choices are counted in binary."""
    count = 2 ** len(options)
    if count > MOST_COMBINATIONS:
        raise call.error(
            f"multiple=true over {len(options)} options comes to {count} combinations, more than "
            f"{MOST_COMBINATIONS}; list at most 7, or make it a templated page"
        )
    code = f"inputs.{call.props['name']}.value"
    choices: list[Choice] = []
    for number in range(count):
        kept = [option for place, option in enumerate(options) if number >> place & 1]
        text = f"({', '.join(quoted(value) for value, _ in kept)})" if kept else UNSET
        label = ", ".join(label for _, label in kept) or "nothing chosen"
        raw = [{"value": value, "label": label} for value, label in kept]
        shown = {"value": text if kept else None, "label": label, "rawValues": raw}
        choices.append(Choice(label, shown, {code: text}))
    default = _several_default(call, options)
    return _input(call, choices, default, tuple(label for _, label in options))


def _several_default(call: Call, options: list[tuple[Value, str]]) -> int:
    if call.props["selectAllByDefault"]:
        return int(2 ** len(options) - 1)
    given = call.props["defaultValue"]
    if call.props["noDefault"] or given is None:
        # As in Evidence: the first option is only chosen where one is all that can be.
        return 0
    wanted = given if isinstance(given, list) else [given]
    return sum(1 << _place_of(call, options, value) for value in dict.fromkeys(wanted))


def _button_group(call: Call) -> Input:
    if call.props["preset"] is not None:
        raise call.error("preset=… is not supported: it goes by the reader's clock; list options")
    options = _listed(call, BUTTON_GROUP_ITEM)
    if not options:
        raise call.error("needs data={…} with value=…, or <ButtonGroupItem>s inside")
    choices = [Choice(label, value) for value, label in options]
    default = call.props["defaultValue"]
    for item in call.members({BUTTON_GROUP_ITEM.name: BUTTON_GROUP_ITEM}):
        if item.props["default"]:
            default = item.props["value"]
    if default is None:
        # As in Evidence: no button is pressed until one is.
        return _input(call, [_nothing(call), *choices], 0)
    return _input(call, choices, _place_of(call, options, default))


def _slider(call: Call) -> Input:
    props = call.props
    low, high = (_bound(call, name) for name in ("min", "max"))
    step = props["step"]
    if step <= 0 or high < low:
        raise call.error(f"min={low:g}, max={high:g}, step={step:g} leave nothing to choose")
    count = int((high - low) / step + 1e-9) + 1
    if count > MOST_COMBINATIONS:
        raise call.error(
            f"{count} steps are more than {MOST_COMBINATIONS}; choose a larger step=…, or make it "
            "a templated page"
        )
    values = [round(low + step * number, 10) for number in range(count)]
    whole = [int(value) if value.is_integer() else value for value in values]
    texts = [_number_text(call, value) for value in whole]
    default = props["defaultValue"]
    if isinstance(default, str) and props["data"] is not None:
        default = _first(call, default)
    wanted = low if default is None else _as_number(call, default)
    if not low <= wanted <= high:
        raise call.error(f"defaultValue {wanted:g} lies outside min={low:g} and max={high:g}")
    place = min(range(count), key=lambda number: abs(values[number] - wanted))
    choices = [Choice(text, value) for text, value in zip(texts, whole, strict=True)]
    return _input(call, choices, place)


def _bound(call: Call, name: str) -> float:
    column = call.props[f"{name}Column"]
    if column is not None:
        if call.props["data"] is None:
            raise call.error(f"{name}Column=… needs data={{…}}")
        return _as_number(call, _first(call, column))
    return float(call.props[name])


def _first(call: Call, column: str) -> Value:
    table = call.data
    check_column(table, column, f"<{call.spec.name}>", call.place)
    if not table.rows:
        raise call.error(f"query {table.name!r} yielded no rows")
    return table.values(column)[0]


def _as_number(call: Call, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise call.error(f"{value!r} is not a number") from error


def _number_text(call: Call, value: float | int) -> str:
    tag = call.props["fmt"]
    return str(call.context.js.call("openlsiFormats.fmt", value, tag)) if tag else f"{value:g}"


def _checkbox(call: Call) -> Input:
    checked = call.props["defaultValue"] or call.props["checked"]
    return _input(call, [Choice("no", False), Choice("yes", True)], int(checked))


READERS: dict[str, Callable[[Call], Input]] = {
    "Dropdown": _dropdown,
    "ButtonGroup": _button_group,
    "Slider": _slider,
    "Checkbox": _checkbox,
}
