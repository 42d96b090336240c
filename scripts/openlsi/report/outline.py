"""What a reader of finished markup sees: headings, ids and links."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


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
    """Read the outline of finished markup."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.outline


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.outline = Outline()
        self._heading: Heading | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.outline.identifiers.append(values["id"])
        if tag == "a" and "href" in values:
            self.outline.links.append(values["href"])
        if tag in ("img", "source") and "src" in values:
            self.outline.images.append(values["src"])
        if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            self._heading = Heading(int(tag[1]), values.get("id", ""))

    def handle_data(self, data: str) -> None:
        if self._heading:
            self._heading.text += data

    def handle_endtag(self, tag: str) -> None:
        if self._heading and tag == f"h{self._heading.level}":
            self._heading.text = " ".join(self._heading.text.split())
            self.outline.headings.append(self._heading)
            self._heading = None
