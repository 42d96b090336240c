"""From the tree of a page to HTML, with one page's data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from markupsafe import Markup, escape

from openlsi.report.addresses import is_safe
from openlsi.report.data import Table, Value, plain
from openlsi.report.errors import Place, ReportError
from openlsi.report.javascript_engine import Scope, ScriptError
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
from openlsi.report.page_context import PageContext
from openlsi.report.templating import render

ADDRESS_ATTRIBUTES = frozenset({"href", "src"})
REFUSED_ATTRIBUTES = frozenset({"style", "srcdoc", "formaction", "srcset", "background", "ping"})


class Renderer:
    """Walks a tree; components are looked up by name in the registry it is given."""

    def __init__(
        self,
        context: PageContext,
        components: ComponentRenderer,
        parts: PartRenderer | None = None,
    ) -> None:
        self.context = context
        self.components = components
        self.parts = parts

    def nodes(self, nodes: Iterable[Node], scope: Scope = ()) -> Markup:
        """Return the markup of nodes in order."""
        grouped = self.parts.sentences(nodes) if self.parts else nodes
        return Markup("").join(self._node(node, scope) for node in grouped)

    def _node(self, node: Node, scope: Scope) -> Markup:
        part = self.parts.render(self, node, scope) if self.parts else None
        return self._plain(node, scope) if part is None else part

    def _plain(self, node: Node, scope: Scope) -> Markup:
        match node:
            case Html(markup):
                return Markup(markup)  # noqa: S704 - the page's own markup, already checked
            case Expression(code, place):
                return escape(self.text(code, scope, place))
            case Element():
                return self._element(node, scope)
            case If() | Each():
                return Markup("").join(
                    self.nodes(part, inner) for part, inner in self.unfold(node, scope)
                )
            case Sentence(children):
                return self.nodes(children, scope)
            case Component():
                self.context.at(node.place)
                return self.components(self, node, scope)

    def unfold(self, node: If | Each, scope: Scope) -> list[tuple[tuple[Node, ...], Scope]]:
        """Return the parts of a block that the data calls for, each with what it knows."""
        if isinstance(node, If):
            for code, children, place in node.branches:
                if code is None or self._is_true(code, scope, place):
                    return [(children, scope)]
            return []
        self.context.at(node.place)
        kept = self._try(lambda: self.context.js.keep_list(node.list_code, scope), node.place)
        if kept is None:
            raise ReportError(f"{{#each {node.list_code}}}: this is not a list", node.place)
        number, length = kept
        if not length:
            return [(node.otherwise, scope)]
        parts: list[tuple[tuple[Node, ...], Scope]] = []
        for i in range(length):
            inner = dict(scope) | {node.alias: f"openlsiPage.item({number}, {i})"}
            if node.index:
                inner[node.index] = str(i)
            parts.append((node.children, tuple(inner.items())))
        return parts

    def _is_true(self, code: str, scope: Scope, place: Place) -> bool:
        self.context.at(place)
        _, value = self._try(lambda: self.context.js.evaluate(f"!!({code}\n)", scope), place)
        return bool(value)

    def text(self, code: str, scope: Scope, place: Place) -> str:
        """Return what an expression prints; refuse what Evidence would print by accident."""
        self.context.at(place)
        kind, value = self._try(lambda: self.context.js.evaluate(code, scope), place)
        if kind in ("string", "bigint"):
            return str(value)
        if kind == "number":
            return number_text(value)
        if kind == "boolean":
            return "true" if value else "false"
        hint = {
            "null": "is null, which prints the word null; use fmt() or <Value>, or ask with {#if}",
            "undefined": "is undefined; check the names in it",
            "date": "is a date; print it with fmt(…, 'ukdate') or another date format",
            "query": "is a whole query; name a row and a column, such as q[0].column",
        }.get(kind, f"is a {kind}, which cannot be printed")
        raise ReportError(f"{{{code}}} {hint}", place)

    def value(self, attribute: Attribute, scope: Scope) -> Any:
        """Return an attribute's value: True for a flag, text, a plain value or a Table."""
        if not attribute.parts:
            return True
        if len(attribute.parts) == 1 and attribute.parts[0].is_expression:
            return self._expression_value(attribute.parts[0].text, attribute, scope)
        return "".join(
            self.text(part.text, scope, attribute.place) if part.is_expression else part.text
            for part in attribute.parts
        )

    def plain_object(self, attribute: Attribute, scope: Scope) -> dict[str, Any]:
        """Return the object that an attribute holds, such as an option of a chart."""
        place = attribute.place
        if len(attribute.parts) != 1 or not attribute.parts[0].is_expression:
            raise ReportError(f"{attribute.name}= takes an object: {{{{ … }}}}", place)
        self.context.at(place)
        code = attribute.parts[0].text
        return dict(self._try(lambda: self.context.js.plain_object(code, scope), place))

    def _expression_value(self, code: str, attribute: Attribute, scope: Scope) -> Any:
        place = attribute.place
        self.context.at(place)
        name = code.strip()
        if name in self.context.tables and all(alias != name for alias, _ in scope):
            return self.context.tables[name]
        kind, value = self._try(lambda: self.context.js.evaluate(code, scope), place)
        if kind == "query":
            return self.context.tables[value]
        if kind in ("list", "object"):
            rows = self._try(lambda: self.context.js.rows(code, scope), place)
            return table_of_rows(rows, code)
        if kind in ("null", "undefined", "function", "date"):
            raise ReportError(f"{attribute.name}={{{code}}} is {kind}", place)
        return value

    def _element(self, element: Element, scope: Scope) -> Markup:
        tag = element.tag
        attributes: list[tuple[str, str | None]] = []
        for attribute in tag.attributes:
            name = attribute.name.lower()
            if name.startswith("on") or ":" in name or name in REFUSED_ATTRIBUTES:
                raise ReportError(
                    f"<{tag.name} {attribute.name}> is not supported: the page's security policy "
                    "forbids it; use a class",
                    attribute.place,
                )
            value = self.value(attribute, scope)
            if name in ADDRESS_ATTRIBUTES:
                self.context.link_places.setdefault(str(value), attribute.place)
                if not is_safe(str(value)):
                    if attribute.literal is not None:
                        raise ReportError(f"{value!r} is not a safe address", attribute.place)
                    continue
            attributes.append((name, None if value is True else str(value)))
        return render(
            "tag.html.jinja", name=tag.name, attributes=attributes, empty=tag.kind == "empty"
        )

    def _try(self, action: Callable[[], Any], place: Place) -> Any:
        try:
            return action()
        except ScriptError as error:
            raise ReportError(str(error), place) from error


ComponentRenderer = Callable[[Renderer, Component, Scope], Markup]


class PartRenderer(Protocol):
    """Renders what changes with a page's inputs, and leaves everything else."""

    def sentences(self, nodes: Iterable[Node]) -> Iterable[Node]:
        """Return nodes with those that change as a whole put together."""

    def render(self, renderer: Renderer, node: Node, scope: Scope) -> Markup | None:
        """Return a node's markup, or None where it does not change."""


def number_text(value: float | int) -> str:
    """Return a number as JavaScript prints it."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return repr(value) if isinstance(value, float) else str(value)


def table_of_rows(rows: list[dict[str, Any]], name: str) -> Table:
    """Return a table of what an expression yielded, such as one row of an {#each}."""
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    kinds: list[str] = []
    for column in columns:
        first = next((row.get(column) for row in rows if row.get(column) is not None), None)
        kinds.append(_kind_of(first))
    values = tuple(
        tuple(
            _unwrapped(row.get(column), kind) for column, kind in zip(columns, kinds, strict=True)
        )
        for row in rows
    )
    return Table(columns, tuple(kinds), values, name)


def _kind_of(value: Any) -> str:
    if isinstance(value, dict):
        return "date"
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else "string"


def _unwrapped(value: Any, kind: str) -> Value:
    return str(value["date"]) if isinstance(value, dict) else plain(value, kind)
