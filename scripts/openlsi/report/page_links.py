"""The links of a page: checked against the site, then made relative, so that a disk will do."""

from __future__ import annotations

import re
from html import unescape

from markupsafe import escape

from openlsi.report.addresses import is_external, is_safe, relative, resolve, segments_of
from openlsi.report.errors import Place, ReportError, nearest
from openlsi.report.outline import Outline
from openlsi.report.page import RenderedPage
from openlsi.report.project import Project

ADDRESS = re.compile(r'(<(?:a|img|source)\b[^<>]*?\s(?:href|src)=")([^"]*)(")')


def place_of_link(rendered: RenderedPage, address: str) -> Place:
    """Return where a link was written, as well as that can be told from its text."""
    return rendered.link_places.get(address) or rendered.page.source.place_of(address)


class PageLinks:
    """The links of one page: checked against the site, then made relative."""

    def __init__(
        self,
        project: Project,
        outlines: dict[tuple[str, ...], Outline],
        rendered: RenderedPage,
    ) -> None:
        self.project = project
        self.outlines = outlines
        self.rendered = rendered

    def rewrite_all(self, markup: str) -> str:
        """Return markup with every address checked and made relative to the page."""
        return ADDRESS.sub(self._rewrite, markup)

    def _rewrite(self, found: re.Match[str]) -> str:
        address = unescape(found.group(2))
        return f"{found.group(1)}{escape(self._target(address))}{found.group(3)}"

    def _target(self, address: str) -> str:
        place = place_of_link(self.rendered, address)
        if not is_safe(address):
            raise ReportError(f"{address!r} is not a safe address", place)
        if is_external(address) or address in self.rendered.own_files:
            return address
        here = self.rendered.segments
        path, fragment = resolve(address, here)
        name = path.strip("/")
        if name and (self.project.static / name).is_file():
            return relative(path, here, is_page=False, fragment=fragment)
        segments = segments_of(path)
        if segments not in self.outlines:
            known = ["/" + "/".join(known) for known in self.outlines]
            raise ReportError(
                f"link to {address!r}: there is no such page"
                f"{nearest('/' + '/'.join(segments), known)}",
                place,
            )
        outline = self.outlines[segments]
        if fragment and fragment not in outline.identifiers and fragment != "content":
            raise ReportError(
                f"link to {address!r}: that page has no part called {fragment!r}"
                f"{nearest(fragment, outline.identifiers)}",
                place,
            )
        return relative("/".join(segments), here, is_page=True, fragment=fragment)
