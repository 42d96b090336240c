"""What arranges a page: Grid, Group, Details, Alert, links."""

from __future__ import annotations

from markupsafe import Markup

from openlsi.report.addresses import is_safe
from openlsi.report.components.props import Call, Prop, Spec
from openlsi.report.templating import render


def _grid(call: Call) -> Markup:
    columns = int(call.props["cols"])
    if not 1 <= columns <= 6:
        raise call.error(f"cols={columns}: choose 1 to 6")
    return render("components/grid.html.jinja", columns=columns, content=call.content())


def _group(call: Call) -> Markup:
    return render("components/group.html.jinja", content=call.content())


def _details(call: Call) -> Markup:
    return render(
        "components/details.html.jinja",
        title=call.props["title"],
        is_open=call.props["open"],
        content=call.content(),
    )


def _alert(call: Call) -> Markup:
    status = call.props["status"]
    words = {"warning": "Warning", "negative": "Problem", "positive": "Success", "info": "Note"}
    return render(
        "components/alert.html.jinja",
        status=status,
        word=words.get(status, ""),
        content=call.content(),
    )


def _link(call: Call) -> Markup:
    url = call.props["url"] or call.props["href"]
    if not url:
        raise call.error("needs url=…")
    call.context.link_places.setdefault(url, call.place)
    return render(
        "components/link.html.jinja",
        kind=call.spec.name,
        url=url if is_safe(url) else None,
        content=call.content(),
    )


def _break(call: Call) -> Markup:
    return render("components/break.html.jinja", is_page=call.spec.name == "PageBreak")


_LINK_PROPS = {"url": Prop("text"), "href": Prop("text")}

SPECS = (
    Spec(
        "Grid",
        {"cols": Prop("number", 2.0), "gapSize": Prop("ignored")},
        _grid,
        children=None,
    ),
    Spec("Group", {}, _group, children=None),
    Spec(
        "Details",
        {
            "title": Prop("text", "Details"),
            "open": Prop("flag", False),
            "printShowAll": Prop("ignored"),
        },
        _details,
        children=None,
    ),
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
    Spec("BigLink", _LINK_PROPS, _link, children=None),
    Spec("LinkButton", _LINK_PROPS, _link, children=None),
    Spec("LineBreak", {"lines": Prop("ignored")}, _break),
    Spec("PageBreak", {}, _break),
)
