"""The frame round a page's content, and the spreadsheets that go with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from openlsi.report.addresses import is_external, relative, resolve
from openlsi.report.companions import SITE_BOOK, WORKBOOK, notes_of
from openlsi.report.glossary import DEFINITIONS_SCRIPT, Glossary
from openlsi.report.navigation import breadcrumbs, label_of, navigation
from openlsi.report.outline import Outline
from openlsi.report.page import RenderedPage
from openlsi.report.project import Project
from openlsi.report.settings import SiteSettings
from openlsi.report.spreadsheets.sheets import Notes, Sheet
from openlsi.report.spreadsheets.workbook import to_xlsx
from openlsi.report.templating import render


@dataclass(frozen=True)
class Imprint:
    """What every page and file says of where its figures are from."""

    settings: SiteSettings
    refreshed: str | None
    build_id: str | None
    glossary: Glossary
    lines: tuple[str, ...] = ()

    def notes(
        self, title: str, description: str | None, marks: Sequence[str], sheets: Sequence[Sheet]
    ) -> Notes:
        """Return the notes sheet of a spreadsheet."""
        meanings = self.settings.mark_meanings
        return notes_of(
            title,
            (description or "", *self.lines),
            self.settings,
            self.refreshed,
            self.build_id,
            {mark: meanings.get(mark.strip("[]"), "") for mark in marks},
            sheets,
            self.glossary,
        )


@dataclass(frozen=True)
class Framed:
    """One page with all that its frame needs."""

    project: Project
    rendered: RenderedPage
    outline: Outline
    imprint: Imprint
    has_book: bool

    @property
    def label(self) -> str:
        """Return what the page is called in the way to it."""
        return label_of_page(self.rendered, self.outline)

    @property
    def title(self) -> str:
        """Return the title of the page's window and workbook."""
        front = self.rendered.page.front_matter
        if front.title and not front.hide_title:
            return front.title
        return self._first_heading or front.title or self.label

    @property
    def _first_heading(self) -> str | None:
        return next((h.text for h in self.outline.headings if h.level == 1), None)

    def html(self, content: Markup, about: str = "") -> bytes:
        """Return the page as it is written; `about` goes behind its title in the window."""
        front = self.rendered.page.front_matter
        segments = self.rendered.segments
        settings = self.project.settings
        markup = render(
            "page.html.jinja",
            settings=settings,
            front=front,
            title=f"{self.title}: {about}" if about else self.title,
            shows_title=bool(front.title) and not front.hide_title,
            content=content,
            navigation=navigation(self.project.pages, segments),
            breadcrumbs=breadcrumbs(self.project.pages, segments, self.label) if segments else [],
            headings=[h for h in self.outline.headings if h.level in (2, 3) and h.identifier],
            marks=[
                (mark, settings.mark_meanings.get(mark.strip("[]"), ""))
                for mark in self.rendered.marks
            ],
            build_id=self.imprint.build_id,
            definitions=DEFINITIONS_SCRIPT if self.imprint.glossary.page else None,
            has_inputs=bool(self.rendered.parts),
            tables=[(sheet.file, sheet.title, sheet.subtitle) for sheet in self.rendered.sheets],
            workbook=WORKBOOK,
            site_book=SITE_BOOK if self.has_book else None,
            to=lambda path: relative(path, segments, is_page=True),
            asset=lambda path: relative(path, segments, is_page=False),
            address=lambda url: (
                url if is_external(url) else relative(resolve(url, ())[0], segments, is_page=True)
            ),
        )
        return (markup + "\n").encode("utf-8")

    def workbook(self) -> bytes:
        """Return the page's tables as XLSX."""
        rendered = self.rendered
        description = rendered.page.front_matter.description
        notes = self.imprint.notes(self.title, description, rendered.marks, rendered.sheets)
        return to_xlsx(notes, rendered.sheets)


def label_of_page(rendered: RenderedPage, outline: Outline) -> str:
    """Return what a page is called: its breadcrumb, heading, title or folder."""
    if rendered.breadcrumb:
        return rendered.breadcrumb
    first = next((h.text for h in outline.headings if h.level == 1), None)
    name = rendered.segments[-1] if rendered.segments else ""
    if rendered.parameters:
        return first or name
    return label_of(rendered.page, name)
