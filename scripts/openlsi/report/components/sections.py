"""What folds or takes turns: Tabs, Accordion, Details, Modal; what explains: Info, Note."""

from __future__ import annotations

from markupsafe import Markup

from openlsi.report.components.props import Call, Prop, Spec
from openlsi.report.templating import render


def _details(call: Call) -> Markup:
    return render(
        "components/details.html.jinja",
        identifier=call.context.identifier(call.props["title"]),
        title=call.props["title"],
        is_open=call.props["open"],
        group=None,
        note=None,
        content=call.content(),
    )


def _tabs(call: Call) -> Markup:
    tabs = [
        {
            "identifier": call.context.identifier(member.props["id"] or member.props["label"]),
            "label": member.props["label"],
            "description": member.props["description"],
            "is_first": member.props["selected"],
            "content": member.content(),
        }
        for member in call.members({TAB.name: TAB})
    ]
    if not tabs:
        raise call.error("needs <Tab label=…> inside")
    return render("components/tabs.html.jinja", tabs=tabs)


def _accordion(call: Call) -> Markup:
    members = list(call.members({ACCORDION_ITEM.name: ACCORDION_ITEM}))
    if not members:
        raise call.error("needs <AccordionItem title=…> inside")
    group = call.context.identifier("accordion") if call.props["single"] else None
    items = [
        render(
            "components/details.html.jinja",
            identifier=None,
            title=member.props["title"],
            is_open=member.props["open"],
            group=group,
            note=member.props["description"],
            content=member.content(),
        )
        for member in members
    ]
    return render("components/accordion.html.jinja", items=items, compact=call.props["compact"])


def _modal(call: Call) -> Markup:
    return render(
        "components/modal.html.jinja",
        identifier=call.context.identifier(call.props["title"]),
        title=call.props["title"],
        button=call.props["buttonText"],
        content=call.content(),
    )


def _info(call: Call) -> Markup:
    return render(
        "components/info.html.jinja",
        identifier=call.context.identifier("information"),
        description=call.props["description"],
    )


def _note(call: Call) -> Markup:
    return render("components/note.html.jinja", content=call.content())


TAB = Spec(
    "Tab",
    {
        "label": Prop("text", required=True),
        "id": Prop("text"),
        "description": Prop("text"),
        "selected": Prop("flag", False),
    },
    lambda call: Markup(""),
    children=None,
    parents=("Tabs",),
)
ACCORDION_ITEM = Spec(
    "AccordionItem",
    {
        "title": Prop("text", required=True),
        "open": Prop("flag", False),
        "description": Prop("text"),
        "compact": Prop("ignored"),
        "class": Prop("ignored"),
    },
    lambda call: Markup(""),
    children=None,
    parents=("Accordion",),
)
# A component that takes turns with its members changes as a whole where their heads do.
MEMBERS = {
    "Tabs": frozenset({TAB.name}),
    "Accordion": frozenset({ACCORDION_ITEM.name}),
}
SPECS = (
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
        "Tabs",
        {
            "id": Prop("ignored"),
            "color": Prop("ignored"),
            "fullWidth": Prop("ignored"),
            "background": Prop("ignored"),
            "printShowAll": Prop("ignored"),
        },
        _tabs,
        children=frozenset({TAB.name}),
    ),
    TAB,
    Spec(
        "Accordion",
        {"single": Prop("flag", False), "compact": Prop("flag", False), "class": Prop("ignored")},
        _accordion,
        children=frozenset({ACCORDION_ITEM.name}),
    ),
    ACCORDION_ITEM,
    Spec(
        "Modal",
        {
            "title": Prop("text", required=True),
            "buttonText": Prop("text", "Open"),
            "open": Prop("ignored"),
        },
        _modal,
        children=None,
    ),
    Spec(
        "Info",
        {
            "description": Prop("text", required=True),
            "color": Prop("ignored"),
            "size": Prop("ignored"),
            "className": Prop("ignored"),
        },
        _info,
    ),
    Spec("Note", {"class": Prop("ignored")}, _note, children=None),
)
