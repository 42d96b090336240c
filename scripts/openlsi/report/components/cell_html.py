"""Markup from data, cut down to words and emphasis: the only raw output that a site may allow."""

from __future__ import annotations

from html.parser import HTMLParser

from markupsafe import Markup, escape

from openlsi.report.templating import render

KEPT = frozenset(
    [
        "b",
        "strong",
        "i",
        "em",
        "u",
        "s",
        "small",
        "sub",
        "sup",
        "code",
        "span",
        "p",
        "ul",
        "ol",
        "li",
    ]
)
DROPPED_WITH_CONTENT = frozenset(["script", "style", "template", "svg", "math", "iframe", "title"])


def safe_html(text: str) -> Markup:
    """Return markup with known elements without attributes, each closed; all else is text."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.finish()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[Markup] = []
        self._open: list[str] = []
        self._dropped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in DROPPED_WITH_CONTENT:
            self._dropped += 1
        elif tag in KEPT and not self._dropped:
            self._open.append(tag)
            self._out.append(render("tag.html.jinja", name=tag, attributes=[], empty=False))
        elif tag == "br" and not self._dropped:
            self._out.append(render("tag.html.jinja", name=tag, attributes=[], empty=True))

    def handle_endtag(self, tag: str) -> None:
        if tag in DROPPED_WITH_CONTENT:
            self._dropped = max(0, self._dropped - 1)
        elif tag in self._open and not self._dropped:
            while self._open:
                closed = self._open.pop()
                self._out.append(render("components/end_tag.html.jinja", name=closed))
                if closed == tag:
                    break

    def handle_data(self, data: str) -> None:
        if not self._dropped:
            self._out.append(escape(data))

    def finish(self) -> Markup:
        """Close what is still open and return the whole."""
        ends = [render("components/end_tag.html.jinja", name=tag) for tag in reversed(self._open)]
        return Markup("").join([*self._out, *ends])
