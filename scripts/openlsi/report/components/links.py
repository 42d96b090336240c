"""What leads elsewhere: links, pictures and files to keep."""

from __future__ import annotations

from markupsafe import Markup

from openlsi.report.addresses import is_external, is_safe
from openlsi.report.components.props import Call, Prop, Spec
from openlsi.report.templating import render


def _address(call: Call) -> str | None:
    """Return the address if it may be followed; one from data that may not leaves its words."""
    url: str | None = call.props["url"] or call.props.get("href") or call.props.get("src")
    if not url:
        raise call.error("needs url=…")
    call.context.link_places.setdefault(url, call.place)
    if is_safe(url):
        return url
    if any(attribute.literal == url for attribute in call.component.attributes):
        raise call.error(f"{url!r} is not a safe address")
    return None


def _link(call: Call) -> Markup:
    return _rendered_link(call, call.content())


def _text_link(call: Call) -> Markup:
    label = call.props["label"]
    return _rendered_link(call, label or call.content() or call.props["url"])


def _rendered_link(call: Call, content: Markup | str) -> Markup:
    classes = {"BigLink": "big-link", "LinkButton": "button", "Link": "link"}
    return render(
        "components/link.html.jinja",
        classes=classes[call.spec.name],
        url=_address(call),
        in_new_tab=call.props["newTab"],
        content=content,
    )


def _image(call: Call) -> Markup:
    address = _address(call)
    if address is not None and is_external(address):
        raise call.error(f"{address!r} is on another site; put the picture into static/")
    return render(
        "components/image.html.jinja",
        url=address,
        description=call.props["description"] or call.props["alt"] or "",
        sizes={name: _pixels(call, name) for name in ("width", "height")},
        align=call.props["align"],
        has_border=call.props["border"],
    )


def _pixels(call: Call, name: str) -> int | None:
    text = str(call.props[name] or "").removesuffix("px").strip()
    if not text:
        return None
    if not text.isdigit() or int(text) < 1:
        raise call.error(f"{name}={text!r}: write a number of pixels")
    return int(text)


def _download(call: Call) -> Markup:
    table = call.data
    identifier = call.context.identifier(call.props["queryID"] or table.name or "data")
    return render(
        "components/download.html.jinja",
        file=call.context.download(identifier, table),
        text=call.props["text"],
        name=table.name,
    )


_LINK_PROPS = {
    "url": Prop("text"),
    "href": Prop("text"),
    "newTab": Prop("flag", False),
    "class": Prop("ignored"),
}
SPECS = (
    Spec("BigLink", _LINK_PROPS, _link, children=None),
    Spec("LinkButton", _LINK_PROPS, _link, children=None),
    Spec("Link", {**_LINK_PROPS, "label": Prop("text")}, _text_link, children=None),
    Spec(
        "Image",
        {
            "url": Prop("text"),
            "src": Prop("text"),
            "description": Prop("text"),
            "alt": Prop("text"),
            "width": Prop("text"),
            "height": Prop("text"),
            "align": Prop("choice", "center", choices=("left", "center", "right")),
            "border": Prop("flag", False),
            "padding": Prop("ignored"),
            "class": Prop("ignored"),
        },
        _image,
    ),
    Spec(
        "DownloadData",
        {
            "data": Prop("data", required=True),
            "text": Prop("text", "Download"),
            "queryID": Prop("text"),
            "display": Prop("ignored"),
        },
        _download,
    ),
)
