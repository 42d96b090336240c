"""Pages of a written site as sections of one document: ids of their own, links within it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from html import unescape
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup, escape

from openlsi.report.addresses import is_external, resolve
from openlsi.report.errors import ReportError
from openlsi.report.outline import read_outline

TAG = re.compile(r"<[a-zA-Z][^<>]*>")
NAMES = re.compile(
    r'(\s(?:id|for|headers|aria-(?:labelledby|describedby|controls|details))=")([^"]*)(")'
)
PAINT = re.compile(r"url\(#")
LINK = re.compile(r'(\s(?:xlink:)?href)="([^"]*)"')
SOURCE = re.compile(r'(\ssrc=")([^"]*)(")')
# Open on paper; one of a group would close the others, so groups have no name there.
FOLD = re.compile(r'^<details (class="details\b[^"]*")[^>]*>$')
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@dataclass(frozen=True)
class Section:
    """One page in the pack: its anchor, title, content, and the site's files that it shows."""

    anchor: str
    title: str
    has_heading: bool
    content: Markup
    images: frozenset[str]


def read_sections(site: Path, chosen: list[tuple[str, ...]]) -> list[Section]:
    """Return the main parts of written pages, ready to stand in one document."""
    anchors = {segments: f"page-{number}" for number, segments in enumerate(chosen, start=1)}
    return [_Sectioning(site, segments, anchors).section() for segments in chosen]


class _Sectioning:
    def __init__(
        self, site: Path, segments: tuple[str, ...], anchors: dict[tuple[str, ...], str]
    ) -> None:
        self.file = site.joinpath(*segments, "index.html")
        self.segments = segments
        self.anchors = anchors
        self.anchor = anchors[segments]
        self.images: set[str] = set()

    def section(self) -> Section:
        """Read the page and return its section."""
        html = self.file.read_text(encoding="utf-8")
        begun = html.partition('<main id="content" tabindex="-1">')[2]
        main, end, _ = begun.rpartition("</main>")
        if not end:
            raise ReportError(f"{self.file} is no page of this version's site; render it anew")
        headings = [one for one in read_outline(main).headings if one.level == 1 and one.text]
        named = TITLE.search(html)
        title = headings[0].text if headings else unescape(named.group(1)) if named else ""
        content = Markup(TAG.sub(self._tag, main))  # noqa: S704 - rendered before
        return Section(self.anchor, title, bool(headings), content, frozenset(self.images))

    def _tag(self, found: re.Match[str]) -> str:
        tag = FOLD.sub(r"<details \1 open>", found.group())
        tag = NAMES.sub(self._names, tag)
        tag = PAINT.sub(f"url(#{self.anchor}-", tag)
        tag = LINK.sub(partial(self._link, is_anchor=tag.startswith("<a ")), tag)
        return SOURCE.sub(self._source, tag)

    def _names(self, found: re.Match[str]) -> str:
        names = " ".join(f"{self.anchor}-{name}" for name in found.group(2).split())
        return f"{found.group(1)}{names}{found.group(3)}"

    def _link(self, found: re.Match[str], is_anchor: bool) -> str:
        """Lead within the pack or out of the site; what is in neither is words only."""
        address = unescape(found.group(2))
        if address.startswith("#"):
            return f'{found.group(1)}="#{self.anchor}-{escape(address[1:])}"'
        if not is_anchor or is_external(address):
            return found.group()
        path, fragment = resolve(address, self.segments)
        segments = tuple(part for part in path.split("/") if part)
        anchor = self.anchors.get(segments[:-1]) if segments[-1:] == ("index.html",) else None
        if anchor is None:
            return ""
        return f'{found.group(1)}="#{anchor}{escape(f"-{fragment}" if fragment else "")}"'

    def _source(self, found: re.Match[str]) -> str:
        address = unescape(found.group(2))
        if address.startswith("data:"):
            return found.group()
        path = resolve(address, self.segments)[0].strip("/")
        self.images.add(path)
        return f"{found.group(1)}{quote(path)}{found.group(3)}"
