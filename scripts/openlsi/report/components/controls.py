"""Inputs as a page writes them: Dropdown, ButtonGroup, Slider, Checkbox, and those shown as set."""

from __future__ import annotations

from markupsafe import Markup

from openlsi.report.components.choosing import BUTTON_GROUP_ITEM, DROPDOWN_OPTION, READERS
from openlsi.report.components.fixed_controls import FIXED, read_fixed
from openlsi.report.components.props import Call, Prop, Spec
from openlsi.report.inputs import EVERY_CHOICE, Input
from openlsi.report.templating import render


def read_input(call: Call) -> Input:
    """Return an input with its choices; the data it lists must be known by now."""
    if call.spec.name in FIXED:
        return read_fixed(call)
    return READERS[call.spec.name](call)


def _show(call: Call) -> Markup:
    item = next(known for known in call.context.inputs if known.name == call.props["name"])
    chosen = item.choices[item.default]
    is_live = not item.is_fixed and item.name not in call.context.idle_inputs
    return render(
        "components/input.html.jinja",
        identifier=call.context.identifier(f"choose {item.name}"),
        item=item,
        chosen=chosen.label,
        description=call.props.get("description"),
        every_choice=EVERY_CHOICE if is_live else None,
    )


_NAMED = {
    "name": Prop("text", required=True),
    "title": Prop("text"),
    "description": Prop("text"),
    "hideDuringPrint": Prop("ignored"),
}
_OPTIONS = {
    **_NAMED,
    "data": Prop("data"),
    "value": Prop("text"),
    "label": Prop("text"),
    "defaultValue": Prop("value"),
    "order": Prop("text"),
    "where": Prop("text"),
}
SPECS = (
    Spec(
        "Dropdown",
        {
            **_OPTIONS,
            "noDefault": Prop("flag", False),
            "multiple": Prop("flag", False),
            "selectAllByDefault": Prop("flag", False),
            "disableSelectAll": Prop("ignored"),
        },
        _show,
        children=frozenset({"DropdownOption"}),
    ),
    DROPDOWN_OPTION,
    Spec(
        "ButtonGroup",
        {
            **_OPTIONS,
            "preset": Prop("text"),
            "display": Prop("choice", "buttons", choices=("buttons", "tabs")),
            "color": Prop("ignored"),
        },
        _show,
        children=frozenset({"ButtonGroupItem"}),
    ),
    BUTTON_GROUP_ITEM,
    Spec(
        "Slider",
        {
            **_NAMED,
            "data": Prop("data"),
            "min": Prop("number", 0.0),
            "max": Prop("number", 100.0),
            "step": Prop("number", 1.0),
            "minColumn": Prop("text"),
            "maxColumn": Prop("text"),
            "range": Prop("ignored"),
            "defaultValue": Prop("value"),
            "fmt": Prop("format", "num0"),
            "size": Prop("ignored"),
            "showMaxMin": Prop("ignored"),
            "showInput": Prop("ignored"),
            "debounceDelay": Prop("ignored"),
        },
        _show,
    ),
    Spec(
        "Checkbox",
        {**_NAMED, "defaultValue": Prop("flag", False), "checked": Prop("flag", False)},
        _show,
    ),
    *(Spec(name, {**_NAMED, **props}, _show) for name, props in FIXED.items()),
)
CONTROLS = {spec.name: spec for spec in SPECS if not spec.parents}
