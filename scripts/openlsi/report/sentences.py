"""Putting together the nodes of a paragraph, so that it can change as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from openlsi.report.nodes import Html, Node, Sentence

EDGE = re.compile(r"(<p>)|(</p>)")


def sentences(nodes: Iterable[Node], changes: Callable[[tuple[Node, ...]], bool]) -> list[Node]:
    """Return nodes with each paragraph that `changes` says yes to as one Sentence."""
    done: list[Node] = []
    inside: list[Node] | None = None
    for piece, edge in _pieces(nodes):
        if edge == "start" and inside is None:
            inside = [piece]
        elif inside is None:
            done.append(piece)
        else:
            inside.append(piece)
            if edge == "end":
                whole = tuple(inside)
                done += [Sentence(whole)] if changes(whole) else whole
                inside = None
    return [*done, *(inside or ())]


def _pieces(nodes: Iterable[Node]) -> Iterable[tuple[Node, str]]:
    """Yield nodes with markup cut at the edges of paragraphs, each with the edge that it is."""
    for node in nodes:
        if not isinstance(node, Html):
            yield node, ""
            continue
        position = 0
        for found in EDGE.finditer(node.markup):
            if node.markup[position : found.start()]:
                yield Html(node.markup[position : found.start()]), ""
            yield Html(found.group()), "start" if found.group(1) else "end"
            position = found.end()
        if node.markup[position:]:
            yield Html(node.markup[position:]), ""
