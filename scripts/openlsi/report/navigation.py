"""The left navigation and the breadcrumbs, from the folder of pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openlsi.report.project import Page

DEEPEST = 3


@dataclass(frozen=True)
class Item:
    """An entry of the navigation; a folder without a page of its own has no address."""

    label: str
    path: str | None
    children: tuple[Item, ...]
    is_current: bool
    is_open: bool


def label_of(page: Page | None, name: str) -> str:
    """Return the label of a page: its title, else its folder's name in words."""
    if page and page.front_matter.title:
        return page.front_matter.title
    words = name.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:] if words else "Home"


def navigation(pages: tuple[Page, ...], current: tuple[str, ...]) -> tuple[Item, ...]:
    """Return the entries of the first level, the front page first."""
    by_path = {page.segments: page for page in pages if not page.is_templated}
    shown = {path: page for path, page in by_path.items() if _is_shown(path, by_path)}
    home = Item(label_of(by_path.get(()), ""), "/", (), current == (), False)
    return (home, *_level((), shown, current))


def _is_shown(path: tuple[str, ...], by_path: dict[tuple[str, ...], Page]) -> bool:
    return all(
        by_path[path[:length]].front_matter.sidebar == "show"
        for length in range(1, len(path) + 1)
        if path[:length] in by_path
    )


def _level(
    parent: tuple[str, ...], shown: dict[tuple[str, ...], Page], current: tuple[str, ...]
) -> tuple[Item, ...]:
    depth = len(parent) + 1
    if depth > DEEPEST:
        return ()
    paths = {path[:depth] for path in shown if len(path) >= depth and path[: depth - 1] == parent}
    items: list[tuple[float, str, Item]] = []
    for path in paths:
        page = shown.get(path)
        label = label_of(page, path[-1])
        linked = page is not None and page.front_matter.sidebar_link
        position = page.front_matter.sidebar_position if page else None
        item = Item(
            label,
            "/" + "/".join(path) if linked else None,
            _level(path, shown, current),
            current == path,
            current[:depth] == path,
        )
        items.append((float("inf") if position is None else position, label.lower(), item))
    return tuple(item for _, _, item in sorted(items, key=lambda entry: entry[:2]))


def reading_order(
    pages: tuple[Page, ...], addresses: Iterable[tuple[str, ...]]
) -> list[tuple[str, ...]]:
    """Return addresses as the navigation lists them, what it does not show after its folder."""
    listed: dict[str, int] = {}

    def walk(items: tuple[Item, ...]) -> None:
        for item in items:
            if item.path:
                listed.setdefault(item.path.strip("/"), len(listed))
            walk(item.children)

    walk(navigation(pages, ()))

    def place(segments: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
        ways = ("/".join(segments[:length]) for length in range(len(segments), 0, -1))
        known = (listed[way] for way in ways if way in listed)
        return (next(known, len(listed)) if segments else 0, segments)

    return sorted(addresses, key=place)


def breadcrumbs(
    pages: tuple[Page, ...], segments: tuple[str, ...], own_label: str
) -> list[tuple[str, str | None]]:
    """Return (label, path) of the way down to a page; the last and pageless folders unlinked."""
    by_path = {page.segments: page for page in pages}
    crumbs: list[tuple[str, str | None]] = [(label_of(by_path.get(()), ""), "/")]
    for depth in range(1, len(segments)):
        path = segments[:depth]
        page = by_path.get(path)
        crumbs.append((label_of(page, path[-1]), "/" + "/".join(path) if page else None))
    crumbs.append((own_label, None))
    return crumbs
