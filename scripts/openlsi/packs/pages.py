"""The pages of a pack: a list to search and a page a household, readable without a script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from openlsi.packs import words
from openlsi.packs.entry import Entry
from openlsi.packs.manifest import Manifest

# Rows on one page of the list for readers without a script.
PAGE_ROWS = 200
_STATIC = ("pack.css", "pack.js")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("openlsi.packs"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Every value passes here, whoever wrote it.
        finalize=lambda value: value if isinstance(value, Markup) else words.clean(value),
    )
    environment.filters.update(
        pounds=words.pounds, month=words.month, day=words.day, said=words.said
    )
    environment.globals.update(words=words, list=list, PAGE_ROWS=PAGE_ROWS)
    return environment


def pages(manifest: Manifest, entries: Sequence[Entry]) -> Iterator[tuple[str, bytes]]:
    """Yield every page, script and style of a pack, by its place in it.

    `entries` are in the order of the list.
    """
    for name in _STATIC:
        yield f"assets/{name}", (files("openlsi.packs") / "static" / name).read_bytes()
    yield "assets/list.js", _list_script(entries)
    template = _environment().get_template("list.html.jinja")
    last = max(1, -(-len(entries) // PAGE_ROWS))
    for number in range(1, last + 1):
        shown = entries[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
        page = template.render(
            manifest=manifest, entries=shown, number=number, last=last, place="",
            campaigns=_campaigns(entries),
        )  # fmt: skip
        yield list_page(number), page.encode()
    template = _environment().get_template("household.html.jinja")
    for place, entry in enumerate(entries):
        page = template.render(
            manifest=manifest, entry=entry, place="../",
            before=entries[place - 1] if place else None,
            after=entries[place + 1] if place + 1 < len(entries) else None,
        )  # fmt: skip
        yield entry.file, page.encode()


def list_page(number: int) -> str:
    """Return the name of one page of the list."""
    return "index.html" if number == 1 else f"list-{number}.html"


def _campaigns(entries: Sequence[Entry]) -> dict[str, str]:
    return {
        one.campaign.campaign: one.campaign.name
        for entry in entries
        for one in entry.chosen.memberships
        if one.campaign.campaign in entry.chosen.campaigns
    }


def _list_script(entries: Sequence[Entry]) -> bytes:
    """Return the list as data for the script: ASCII, and no mark that could begin or end a tag."""
    rows = [_row(entry) for entry in entries]
    text = json.dumps(rows, ensure_ascii=True, separators=(",", ":"))
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return f"window.packList={text};\n".encode("ascii")


def _row(entry: Entry) -> dict[str, Any]:
    missing = entry.missing
    position = entry.facts["position"] or {}
    return {
        "ref": entry.ref,
        "names": words.clean(entry.names),
        "address": words.clean(entry.address),
        "find": words.clean(
            " ".join(
                [
                    *(one.case_ref for one in entry.chosen.memberships),
                    *(one.reference for one in entry.contact.references),
                ]
            )
        ),
        "may": entry.standing.may_contact,
        "why": words.clean("; ".join(entry.standing.reasons)),
        "campaigns": list(entry.chosen.campaigns),
        "class": words.said(position.get("living_standards_class"), words.CLASSES),
        "missing": [[one.benefit, f"{one.name} {words.pounds(one.weekly_gbp)}"] for one in missing],
        "none": entry.no_gap,
        "most": float(missing[0].weekly_gbp) if missing else 0,
        "council_tax": float(entry.owed("council_tax")),
        "rent": float(entry.owed("rent")),
    }
