"""What a reader of finished markup sees: headings, ids and links."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

TAG = re.compile(r"<(/?[a-z][\w:-]*)([^<>]*)>")
ATTRIBUTE = re.compile(r'\s([\w:-]+)="([^"]*)"')
LINKED = frozenset({"a", "img", "source"})


@dataclass
class Heading:
    """A heading of a page."""

    level: int
    identifier: str
    text: str = ""


@dataclass
class Outline:
    """The headings, ids and links of some markup, in order."""

    headings: list[Heading] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)


def read_outline(markup: str) -> Outline:
    """Read the outline of finished markup: ours, in which each attribute is quoted and escaped.

    A parser of any HTML takes ten times as long, and a site is read twice.
    """
    outline = Outline()
    heading: tuple[Heading, int] | None = None
    for tag in TAG.finditer(markup):
        name, rest = tag.group(1), tag.group(2)
        if name.startswith("/"):
            if heading and name == f"/h{heading[0].level}":
                heading[0].text = _text_of(markup[heading[1] : tag.start()])
                outline.headings.append(heading[0])
                heading = None
            continue
        is_heading = len(name) == 2 and name[0] == "h" and name[1] in "123456"
        if not is_heading and name not in LINKED and " id=" not in rest:
            continue
        values = {key: unescape(value) for key, value in ATTRIBUTE.findall(rest)}
        if "id" in values:
            outline.identifiers.append(values["id"])
        if name == "a" and "href" in values:
            outline.links.append(values["href"])
        if name in ("img", "source") and "src" in values:
            outline.images.append(values["src"])
        if is_heading:
            heading = Heading(int(name[1]), values.get("id", "")), tag.end()
    return outline


def _text_of(markup: str) -> str:
    return " ".join(unescape(TAG.sub("", markup)).split())
