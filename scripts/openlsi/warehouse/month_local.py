"""Which models look at one district's month and nothing else, as the dbt project marks them.

Their tag is `month_local`. A row of theirs follows from the extracts of its district and month, the
seeds and the configuration; no link, no other month and no clock goes into it. So a build after one
more month makes their rows of that month, and takes the others over from the build before. Every
other model is made from the whole each time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

TAG = "month_local"
# A test that looks from one month to another, or at every file that is landed.
EVERY_MONTH = "every_month"
# Model's `meta`: the column that says which month's extract a row is from, where not `month`.
_SLICE_MONTH = "slice_month"
# Tested after disclosure control has written it, in every build.
_PUBLISHED = re.compile(r"source\.\w+\.published\.")


@dataclass(frozen=True)
class MonthLocalTable:
    """One table that is made a district's month at a time; `slice_month` is its column of it."""

    schema: str
    name: str
    slice_month: str


@dataclass(frozen=True)
class Division:
    """The project's nodes by which rows they need.

    `tables` are the month-local ones. `of_slices` names what has to be made or tested with the rows
    of changed months only; `of_whole` what needs all of them, month-local tables being there.
    """

    tables: list[MonthLocalTable]
    of_slices: list[str]
    of_whole: list[str]


def divide(manifest: Any) -> Division:
    """Divide the nodes of a parsed project (dbt's manifest).

    A test of month-local tables, and of views that show landing row by row, goes with the slices
    unless its tag is `every_month`: on rows that are taken over it passed in the build that made
    them. Tests of what is published are in neither list, nor are unit tests: they test the SQL,
    which is the same as it was.
    """
    nodes = manifest.nodes
    local = {key for key, node in nodes.items() if TAG in node.tags and _is_table(node)}
    views = {key for key, node in nodes.items() if _shows_landing(node)}
    needed = _with_ancestors(nodes, local | views)
    of_slices: list[str] = []
    of_whole: list[str] = []
    for key, node in sorted(nodes.items()):
        parents = set(node.depends_on.nodes) if node.resource_type != "seed" else set()
        if node.resource_type == "test":
            if any(_PUBLISHED.match(parent) for parent in parents):
                continue
            is_local = parents <= needed and not parents.isdisjoint(local | views)
            is_local &= EVERY_MONTH not in node.tags
            (of_slices if is_local else of_whole).append(node.name)
        elif node.resource_type in {"model", "seed"}:
            if key in needed:
                of_slices.append(node.name)
            if key not in local:
                of_whole.append(node.name)
    return Division([_table(nodes[key]) for key in sorted(local)], of_slices, of_whole)


def _is_table(node: Any) -> bool:
    return str(node.resource_type) == "model" and node.config.materialized == "table"


def _shows_landing(node: Any) -> bool:
    """Return whether a model is a view of staging over rows of landing, not over the ledger."""
    if str(node.resource_type) != "model" or node.config.materialized != "view":
        return False
    return any(
        parent.startswith("source.") and ".landing." in parent and "__" in parent
        for parent in node.depends_on.nodes
    )


def _table(node: Any) -> MonthLocalTable:
    return MonthLocalTable(node.schema, node.name, node.config.meta.get(_SLICE_MONTH, "month"))


def _with_ancestors(nodes: Any, begin: set[str]) -> set[str]:
    found, waiting = set(begin), list(begin)
    while waiting:
        node = nodes[waiting.pop()]
        parents = node.depends_on.nodes if node.resource_type != "seed" else []
        for parent in parents:
            if parent in nodes and parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found
