"""FunnelChart: what is left at each stage, and its share of the first."""

from __future__ import annotations

from markupsafe import Markup

from openlsi.report.charts.funnel import Stage, funnel
from openlsi.report.components.charts_frame import (
    FRAME_PROPS,
    Column,
    Shown,
    figure,
    number_column,
    texts_of,
)
from openlsi.report.components.figures import DATA, empty_message
from openlsi.report.components.props import Call, Prop, Spec

MOST_STAGES = 20


def _funnel(call: Call) -> Markup:
    empty = empty_message(call)
    if empty is not None:
        return empty
    props = call.props
    name = call.column(props["nameCol"])
    value = number_column(call, "valueCol")
    assert value is not None
    stages = _stages(call, name, value)
    if len(stages) > MOST_STAGES:
        raise call.error(f"{len(stages)} stages are more than {MOST_STAGES}; use a bar chart")
    if any(stage.value is not None and stage.value < 0 for stage in stages):
        raise call.error(f"valueCol={value!r} has values below nought, which no funnel can show")
    parts = ", ".join(f"{stage.name} {stage.text}" for stage in stages)
    return figure(
        call,
        Shown(
            kind="bar",
            paint=lambda width: funnel(stages, width, props["funnelAlign"]),
            summary=f"Funnel of {len(stages)} stages: {parts}.",
            columns=[Column(name), Column(value, None, props["valueFmt"])],
            marked=[value],
        ),
    )


def _stages(call: Call, name: str, value: str) -> list[Stage]:
    table, props = call.data, call.props
    numbers = table.values(value)
    texts = texts_of(call, value, props["valueFmt"], numbers)
    first = numbers[0]
    stages: list[Stage] = []
    for row, (label, number, text) in enumerate(
        zip(table.values(name), numbers, texts, strict=True)
    ):
        known = float(number) if isinstance(number, int | float) else None
        shown = table.mark(row, value) or text
        if props["showPercent"] and known is not None and isinstance(first, int | float) and first:
            shown = f"{text} ({known / first * 100:.2f}%)"
        stages.append(Stage("" if label is None else str(label), known, shown))
    if props["funnelSort"] != "none":
        down = props["funnelSort"] == "descending"
        stages.sort(key=lambda stage: stage.value or 0.0, reverse=down)
    return stages


SPECS = (
    Spec(
        "FunnelChart",
        {
            **DATA,
            **FRAME_PROPS,
            "nameCol": Prop("text", required=True),
            "valueCol": Prop("text", required=True),
            "valueFmt": Prop("format"),
            "showPercent": Prop("flag", False),
            "funnelAlign": Prop("choice", "center", choices=("left", "center", "right")),
            "funnelSort": Prop("choice", "none", choices=("none", "ascending", "descending")),
            "labelPosition": Prop("ignored"),
            "legend": Prop("ignored"),
            "colorPalette": Prop("ignored"),
            "outlineColor": Prop("ignored"),
            "outlineWidth": Prop("ignored"),
        },
        _funnel,
    ),
)
