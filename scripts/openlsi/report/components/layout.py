"""What arranges a page: Grid, Group, PrintGroup, Alert and breaks."""

from __future__ import annotations

from markupsafe import Markup

from openlsi.report.components.props import Call, Prop, Spec
from openlsi.report.templating import render

MOST_LINES = 10


def _grid(call: Call) -> Markup:
    columns = int(call.props["cols"])
    if not 1 <= columns <= 6:
        raise call.error(f"cols={columns}: choose 1 to 6")
    return render(
        "components/grid.html.jinja",
        columns=columns,
        gap=call.props["gapSize"],
        content=call.content(),
    )


def _group(call: Call) -> Markup:
    return render("components/group.html.jinja", classes="group", content=call.content())


def _print_group(call: Call) -> Markup:
    classes = "print-group not-printed" if call.props["hidden"] else "print-group"
    return render("components/group.html.jinja", classes=classes, content=call.content())


def _alert(call: Call) -> Markup:
    status = call.props["status"]
    words = {"warning": "Warning", "negative": "Problem", "positive": "Success", "info": "Note"}
    return render(
        "components/alert.html.jinja",
        status=status,
        word=words.get(status, ""),
        content=call.content(),
    )


def _line_break(call: Call) -> Markup:
    lines = int(call.props["lines"])
    if not 1 <= lines <= MOST_LINES:
        raise call.error(f"lines={lines}: choose 1 to {MOST_LINES}")
    return render("components/break.html.jinja", is_page=False, lines=lines)


def _page_break(call: Call) -> Markup:
    return render("components/break.html.jinja", is_page=True, lines=0)


SPECS = (
    Spec(
        "Grid",
        {
            "cols": Prop("number", 2.0),
            "gapSize": Prop("choice", "md", choices=("none", "sm", "md", "lg")),
        },
        _grid,
        children=None,
    ),
    Spec("Group", {}, _group, children=None),
    Spec("PrintGroup", {"hidden": Prop("flag", False)}, _print_group, children=None),
    Spec(
        "Alert",
        {
            "status": Prop(
                "choice", "default", choices=("default", "info", "positive", "warning", "negative")
            )
        },
        _alert,
        children=None,
    ),
    Spec("LineBreak", {"lines": Prop("number", 1.0)}, _line_break),
    Spec("PageBreak", {}, _page_break),
)
