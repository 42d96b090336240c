"""Making an SVG fit for a strict page: no styles, no generated names, equal bytes every time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from openlsi.report.charts.palette import class_of

SVG = "{http://www.w3.org/2000/svg}"
URL = re.compile(r"url\(#([\w-]+)\)")
DROPPED = frozenset({"class", "style", "version", "baseProfile", "font-family"})
PRESENTATION = frozenset(
    [
        "font-size",
        "font-weight",
        "font-style",
        "fill",
        "stroke",
        "opacity",
        "text-anchor",
        "dominant-baseline",
    ]
)
CLIP = "zqclip"


@dataclass(frozen=True)
class Drawing:
    """The inside of an SVG and its size; title and description are the page's to add."""

    inner: str
    width: int
    height: int

    def named(self, name: str) -> str:
        """Return the inside with ids that no other drawing on the page has."""
        return self.inner.replace(CLIP, f"{name}-clip")


def clean(svg: str, width: int, height: int) -> Drawing:
    """Return a drawing without style attributes, style elements or ids that clash on a page."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - written by our own engine a moment ago
    names: dict[str, str] = {}
    for parent in root.iter():
        for child in list(parent):
            if child.tag in (f"{SVG}style", f"{SVG}title", f"{SVG}desc"):
                parent.remove(child)
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
        if "id" in element.attrib:
            names[element.attrib["id"]] = f"{CLIP}{len(names) + 1}"
    for element in root.iter():
        _clean_attributes(element, names)
    _drop_background(root)
    inner = "".join(
        ElementTree.tostring(child, encoding="unicode", short_empty_elements=False)
        for child in root
    )
    return Drawing(inner, width, height)


def _clean_attributes(element: ElementTree.Element, names: dict[str, str]) -> None:
    attributes = dict(element.attrib)
    for declaration in attributes.get("style", "").split(";"):
        name, _, value = declaration.partition(":")
        if name.strip() in PRESENTATION:
            attributes.setdefault(name.strip(), value.strip())
    kept: dict[str, str] = {}
    classes: list[str] = []
    for name, value in attributes.items():
        if name in DROPPED or name.startswith(("data-", "ecmeta_", "{")):
            continue
        if name == "id":
            value = names[value]
        value = URL.sub(lambda found: f"url(#{names[found.group(1)]})", value)
        if name in ("fill", "stroke"):
            known = class_of(value)
            if known:
                classes.append(f"{'f' if name == 'fill' else 'k'}-{known}")
        kept[name] = value
    if element.tag == "text":
        kept.pop("xml:space", None)
    if classes:
        kept["class"] = " ".join(classes)
    element.attrib.clear()
    element.attrib.update(kept)


def _drop_background(root: ElementTree.Element) -> None:
    """Drop the transparent sheet behind everything, which adds nothing but bytes."""
    first = root.find("rect")
    if first is not None and first.attrib.get("fill") == "none":
        root.remove(first)
