"""Which parts of a page change with which of its inputs, read from their text alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from openlsi.report.errors import Place, ReportError, nearest
from openlsi.report.fences import Query
from openlsi.report.nodes import (
    Attribute,
    Component,
    Each,
    Element,
    Expression,
    Html,
    If,
    Node,
    Sentence,
)
from openlsi.report.sql import chain, holes

INPUT = re.compile(
    r"(?<![\w$.])inputs\b(?:\s*\.\s*([A-Za-z_$][\w$]*)|\s*\[\s*['\"](\w+)['\"]\s*\])?"
)
NAME = re.compile(r"[A-Za-z_$][\w$]*")
NOTHING: frozenset[str] = frozenset()


class Dependence:
    """The inputs of a page's queries, and through them of its parts.

    It may name an input too many, where a word happens to be a query's name, never one too few.
    """

    def __init__(self, inputs: Sequence[str], queries: Mapping[str, Query]) -> None:
        self.inputs = frozenset(inputs)
        self.of_query: dict[str, frozenset[str]] = {}
        for name, query in queries.items():
            found = holes(chain(query, dict(queries)), query)
            self.of_query[name] = NOTHING.union(
                *(self._direct(hole.code, query.place) for hole in found)
            )

    def _direct(self, code: str, place: Place) -> frozenset[str]:
        names: set[str] = set()
        for found in INPUT.finditer(code):
            name = found.group(1) or found.group(2)
            if name is None:
                return self.inputs
            if name not in self.inputs:
                raise ReportError(
                    f"no input of this page is called {name!r}{nearest(name, self.inputs)}", place
                )
            names.add(name)
        return frozenset(names)

    def of_code(self, code: str, place: Place) -> frozenset[str]:
        """Return the inputs that an expression's value depends on."""
        through = (self.of_query[name] for name in NAME.findall(code) if name in self.of_query)
        return self._direct(code, place).union(*through)

    def of_attributes(self, attributes: Sequence[Attribute]) -> frozenset[str]:
        """Return the inputs that attributes depend on."""
        return NOTHING.union(
            *(
                self.of_code(part.text, attribute.place)
                for attribute in attributes
                for part in attribute.parts
                if part.is_expression
            )
        )

    def of_nodes(self, nodes: Sequence[Node]) -> frozenset[str]:
        """Return the inputs that any of some nodes depends on."""
        return NOTHING.union(*(self.of_node(node) for node in nodes))

    def of_node(self, node: Node) -> frozenset[str]:
        """Return the inputs that a node and all inside it depend on."""
        match node:
            case Html():
                return NOTHING
            case Sentence(children):
                return self.of_nodes(children)
            case Expression(code, place):
                return self.of_code(code, place)
            case Element(tag):
                return self.of_attributes(tag.attributes)
            case If(branches):
                heads = (self.of_code(code, place) for code, _, place in branches if code)
                return NOTHING.union(*heads, *(self.of_nodes(inner) for _, inner, _ in branches))
            case Each():
                head = self.of_code(node.list_code, node.place)
                return head | self.of_nodes(node.children) | self.of_nodes(node.otherwise)
            case Component():
                return self.of_attributes(node.attributes) | self.of_nodes(node.children)

    def of_head(self, node: If | Each) -> frozenset[str]:
        """Return the inputs that decide which parts of a block are shown, and how often."""
        if isinstance(node, Each):
            return self.of_code(node.list_code, node.place)
        return NOTHING.union(
            *(self.of_code(code, place) for code, _, place in node.branches if code)
        )
