"""Pages under /dbt/: one a layer and topic, each table with its columns, tests, SQL and lineage.

dbt's own documentation is one page whose inline scripts the site's policy forbids; these are plain
pages of the site, with its frame, links that are checked, and nothing to be loaded from elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

from openlsi.report.dbt_docs.manifest import Table, read_tables
from openlsi.report.errors import Place, ReportError
from openlsi.report.outline import read_outline
from openlsi.report.page import RenderedPage
from openlsi.report.project import Page
from openlsi.report.settings import FrontMatter
from openlsi.report.source import Source
from openlsi.report.templating import render

FOLDER = "dbt"
TITLE = "Tables and lineage"
DESCRIPTION = "Every table behind the figures: columns, tests, SQL, and what is made from what."


def docs_pages(manifest: Path, taken: Sequence[tuple[str, ...]]) -> list[RenderedPage]:
    """Return the pages of a manifest, the list of all tables first.

    Raise ReportError where the project has pages of its own under the same address.
    """
    if any(segments[:1] == (FOLDER,) for segments in taken):
        raise ReportError(
            f"pages/{FOLDER}: the site puts dbt's documentation there; rename the folder"
        )
    tables = read_tables(manifest)
    by_id = {table.unique_id: table for table in tables}
    groups = [(group, list(found)) for group, found in groupby(tables, lambda one: one.group)]
    index = render(
        "dbt_docs/index.html.jinja",
        groups=groups,
        count=len(tables),
        address=address_of,
        titled=title_of,
        first_sentence=first_sentence,
    )
    return [
        _page((FOLDER,), TITLE, DESCRIPTION, index),
        *(_group_page(group, found, by_id) for group, found in groups),
    ]


def _group_page(
    group: tuple[str, ...], tables: Sequence[Table], by_id: dict[str, Table]
) -> RenderedPage:
    content = render(
        "dbt_docs/group.html.jinja",
        tables=tables,
        by_id=by_id,
        address=address_of,
        to_html=_description,
    )
    title = title_of(group)
    return _page(
        (FOLDER, _segment(group)), title, f"{title}: columns, tests, SQL and lineage.", content
    )


def _page(segments: tuple[str, ...], title: str, about: str, content: Markup) -> RenderedPage:
    place = Place("/".join(segments), 1)
    front = FrontMatter(
        title=title,
        description=about,
        # After every page that says where it stands.
        sidebar="show" if len(segments) == 1 else "hide",
    )
    page = Page(segments, front, {}, (), Source(("",), (place,)))
    outline = read_outline(str(content))
    return RenderedPage(page, segments, content, {}, (), {}, outline, tuple(outline.links))


def _segment(group: tuple[str, ...]) -> str:
    return "-".join(group).replace("_", "-")


def title_of(group: tuple[str, ...]) -> str:
    """Return what a layer and topic are called."""
    words = ": ".join(group).replace("_", " ")
    return words[:1].upper() + words[1:]


def address_of(table: Table) -> str:
    """Return where a table stands on the site."""
    return f"/{FOLDER}/{_segment(table.group)}/#{table.name}"


def first_sentence(text: str) -> str:
    """Return a description's first sentence, which says what a table is."""
    plain = " ".join(text.split())
    return plain.partition(". ")[0].rstrip(".") + "." if plain else ""


@cache
def _markdown() -> MarkdownIt:
    """Return Markdown without HTML, links or images: these lead to places of dbt's own pages."""
    engine = MarkdownIt("commonmark", {"html": False}).enable(["table"])
    return engine.disable(["link", "image", "autolink", "code", "reference"])


def _description(text: str) -> Markup:
    """Return a description as HTML whose headings stand below those of the page's tables."""
    engine = _markdown()
    tokens = engine.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h4"
        # The site's policy allows no style attributes.
        token.attrs.pop("style", None)
    return Markup(engine.renderer.render(tokens, engine.options, {}))  # noqa: S704 - html is off
