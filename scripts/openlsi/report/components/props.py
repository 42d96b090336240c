"""What a component may be told, and checking that it was told just that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from openlsi.report.data import Table
from openlsi.report.errors import Place, ReportError, nearest
from openlsi.report.javascript_engine import Scope, ScriptError
from openlsi.report.nodes import Component, Each, Html, If, Node
from openlsi.report.page_context import PageContext
from openlsi.report.rendering import Renderer


@dataclass(frozen=True)
class Prop:
    """One prop: data, column, columns, text, flag, number, format, choice, value, object, ignored.

    An ignored prop is one that only steers the other build's look; its value is not checked. One
    that gives a colour is said to be without effect, since a reader may look for the colour.
    """

    kind: str
    default: Any = None
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spec:
    """A component: its props, what it may contain, and how it is rendered."""

    name: str
    props: dict[str, Prop]
    render: Callable[[Call], Markup]
    children: frozenset[str] | None = frozenset()
    parents: tuple[str, ...] = ()

    @property
    def takes_content(self) -> bool:
        """Return whether any content may stand inside."""
        return self.children is None


@dataclass(frozen=True)
class Call:
    """A component on a page, with its props read."""

    spec: Spec
    component: Component
    scope: Scope
    renderer: Renderer
    props: dict[str, Any] = field(default_factory=dict)

    @property
    def context(self) -> PageContext:
        """Return what the parts of the page share."""
        return self.renderer.context

    @property
    def place(self) -> Place:
        """Return where the component stands."""
        return self.component.place

    @property
    def data(self) -> Table:
        """Return the component's data."""
        table: Table = self.props["data"]
        return table

    def content(self) -> Markup:
        """Return what stands inside the component."""
        return self.renderer.nodes(self.component.children, self.scope)

    def error(self, message: str) -> ReportError:
        """Return an error that names the component."""
        return ReportError(f"<{self.spec.name}>: {message}", self.place)

    def column(self, name: str) -> str:
        """Return a column's name if the data has it."""
        return check_column(self.data, name, f"<{self.spec.name}>", self.place)

    def members(self, specs: dict[str, Spec]) -> Iterator[Call]:
        """Yield the components inside, through {#if} and {#each}; refuse anything else."""
        yield from self._members(self.component.children, self.scope, specs)

    def _members(
        self, nodes: tuple[Node, ...], scope: Scope, specs: dict[str, Spec]
    ) -> Iterator[Call]:
        for node in nodes:
            if isinstance(node, If | Each):
                for part, inner in self.renderer.unfold(node, scope):
                    yield from self._members(part, inner, specs)
            elif isinstance(node, Component):
                spec = specs.get(node.name)
                if spec is None:
                    raise ReportError(
                        f"<{node.name}> may not stand inside <{self.spec.name}>"
                        f"{nearest(node.name, specs)}",
                        node.place,
                    )
                props = read_props(spec, node, self.renderer, scope)
                yield Call(spec, node, scope, self.renderer, props)
            elif not (isinstance(node, Html) and not node.markup.strip()):
                known = ", ".join(f"<{name}>" for name in specs) or "nothing"
                raise self.error(f"only {known} may stand inside")


def check_column(table: Table, name: str, what: str, place: Place) -> str:
    """Return a column's name if a table has it."""
    if name not in table.columns:
        raise ReportError(
            f"{what}: query {table.name!r} has no column {name!r}{nearest(name, table.columns)}",
            place,
        )
    return name


def read_props(
    spec: Spec, component: Component, renderer: Renderer, scope: Scope
) -> dict[str, Any]:
    """Return every prop of a component, defaults filled in."""
    props: dict[str, Any] = {name: prop.default for name, prop in spec.props.items()}
    for attribute in component.attributes:
        prop = spec.props.get(attribute.name)
        if prop is None:
            hint = nearest(attribute.name, spec.props)
            raise ReportError(
                f"<{spec.name}> has no prop {attribute.name!r}{hint}", attribute.place
            )
        if prop.kind == "ignored":
            if "color" in attribute.name.lower():
                renderer.context.warn(
                    f"<{spec.name}> {attribute.name}= changes nothing: the colours are the site's, "
                    "which hold in print and in dark mode",
                    attribute.place,
                )
            continue
        if prop.kind == "object":
            props[attribute.name] = renderer.plain_object(attribute, scope)
            continue
        value = renderer.value(attribute, scope)
        props[attribute.name] = _checked(
            spec.name, attribute.name, prop, value, renderer, attribute.place
        )
    for name, prop in spec.props.items():
        if prop.required and props[name] is None:
            raise ReportError(f"<{spec.name}> needs {name}=…", component.place)
    if spec.children == frozenset() and any(
        not (isinstance(node, Html) and not node.markup.strip()) for node in component.children
    ):
        raise ReportError(f"<{spec.name}> holds nothing; write <{spec.name} … />", component.place)
    return props


def _checked(
    component: str, name: str, prop: Prop, value: Any, renderer: Renderer, place: Place
) -> Any:
    what = f"<{component}> {name}="
    if prop.kind == "data":
        if isinstance(value, Table):
            return value
        raise ReportError(f"{what}{value!r} is no query; write {name}={{query}}", place)
    if prop.kind == "flag":
        return _flag(value, what, place)
    if prop.kind == "number":
        return _number(value, what, place)
    if prop.kind == "columns":
        return list(value) if isinstance(value, list) else _text(value, what, place)
    if prop.kind == "value":
        return value
    text = _text(value, what, place)
    if prop.kind == "choice" and text not in prop.choices:
        raise ReportError(f"{what}{text!r}: choose {', '.join(prop.choices)}", place)
    if prop.kind == "format":
        _check_format(text, renderer, what, place)
    return text


def _text(value: Any, what: str, place: Place) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise ReportError(f"{what} should be text", place)


def _flag(value: Any, what: str, place: Place) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise ReportError(f"{what}{value!r}: write true or false", place)


def _number(value: Any, what: str, place: Place) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise ReportError(f"{what}{value!r} is not a number", place) from error


def _check_format(tag: str, renderer: Renderer, what: str, place: Place) -> None:
    try:
        renderer.context.js.check_format(tag)
    except ScriptError as error:
        raise ReportError(f"{what}{error}", place) from error
