"""Which pages of a site go into a pack, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from openlsi.report.dbt_docs.pages import FOLDER
from openlsi.report.errors import ReportError, nearest

FRONT_PAGE = "index"


def name_of(segments: tuple[str, ...]) -> str:
    """Return what a page is called on the command line: its address without outer slashes."""
    return "/".join(segments) or FRONT_PAGE


def choose_pages(
    addresses: Sequence[tuple[str, ...]], patterns: Sequence[str]
) -> list[tuple[str, ...]]:
    """Return the pages that patterns name, in the order of the patterns, each once.

    `addresses` are in the site's reading order, which is kept within a pattern. Without a pattern
    it is all pages but dbt's documentation, which is for the screen. A pattern is an address,
    `index` for the front page, with `*`, `?` and `[…]` as a shell has them. Raise ReportError where
    one names no page.
    """
    if not patterns:
        return [segments for segments in addresses if segments[:1] != (FOLDER,)]
    by_name = {name_of(segments): segments for segments in addresses}
    chosen: dict[tuple[str, ...], None] = {}
    for pattern in patterns:
        wanted = pattern.strip("/").removesuffix("index.html").strip("/") or FRONT_PAGE
        found = [one for name, one in by_name.items() if fnmatchcase(name, wanted)]
        if not found:
            raise ReportError(
                f"--pages {pattern!r}: no page is called so{nearest(wanted, by_name)}"
            )
        chosen.update(dict.fromkeys(found))
    return list(chosen)
