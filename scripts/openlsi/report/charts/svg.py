"""Making an SVG fit for a strict page: no styles, no generated names, equal bytes every time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from openlsi.report.charts.palette import class_of

SVG = "{http://www.w3.org/2000/svg}"
URL = re.compile(r"url\(#([\w-]+)\)")
DROPPED = frozenset({"class", "style", "version", "baseProfile", "font-family", "pointer-events"})
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


Titles = list[list[str]]
"""What a mark says when it is pointed at, by series and by position in it."""


def clean(svg: str, width: int, height: int, titles: Titles | None = None) -> Drawing:
    """Return a drawing without style attributes, style elements or ids that clash on a page."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - written by our own engine a moment ago
    names: dict[str, str] = {}
    for parent in root.iter():
        for child in list(parent):
            if child.tag in (f"{SVG}style", f"{SVG}title", f"{SVG}desc"):
                parent.remove(child)
    for element in list(root.iter()):
        element.tag = element.tag.removeprefix(SVG)
        _add_title(element, titles or [])
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


def _add_title(element: ElementTree.Element, titles: Titles) -> None:
    """Let a mark say what it stands for: the engine leaves its numbers on what it drew of data."""
    series = element.attrib.get("ecmeta_series_index")
    item = element.attrib.get("ecmeta_data_index")
    if element.tag == "text" or series is None or item is None or int(series) >= len(titles):
        return
    texts = titles[int(series)]
    if int(item) < len(texts) and texts[int(item)]:
        title = ElementTree.SubElement(element, "title")
        title.text = texts[int(item)]


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
