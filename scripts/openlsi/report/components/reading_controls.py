"""Finding a page's inputs before it is rendered: queries need to know what is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openlsi.report.components.controls import CONTROLS, read_input
from openlsi.report.components.props import Call, read_props
from openlsi.report.dependence import Dependence
from openlsi.report.errors import ReportError
from openlsi.report.fences import IDENTIFIER, RESERVED_WORDS
from openlsi.report.inputs import Input
from openlsi.report.nodes import Component, Each, If, Node
from openlsi.report.rendering import Renderer


def control_names(tree: Sequence[Node]) -> tuple[str, ...]:
    """Return the names of all inputs of a page, shown or not, as they are written."""
    names: list[str] = []
    for component in _controls(tree):
        name = _name(component)
        if name in names:
            raise ReportError(f"a second input is called {name!r}; rename one", component.place)
        names.append(name)
    return tuple(names)


def _controls(nodes: Sequence[Node]) -> Iterator[Component]:
    for node in nodes:
        if isinstance(node, Component):
            if node.name in CONTROLS:
                yield node
            else:
                yield from _controls(node.children)
        elif isinstance(node, If):
            for _, inner, _ in node.branches:
                yield from _controls(inner)
        elif isinstance(node, Each):
            for component in _controls((*node.children, *node.otherwise)):
                raise ReportError(
                    f"<{component.name}> may not stand inside {{#each}}: an input has one name",
                    component.place,
                )


def _name(component: Component) -> str:
    given = next((item for item in component.attributes if item.name == "name"), None)
    name = given.literal if given else None
    if given is None or not name:
        raise ReportError(f"<{component.name}> needs name=…, written out", component.place)
    if not IDENTIFIER.match(name) or name in RESERVED_WORDS:
        raise ReportError(
            f"{name!r} cannot name an input: use letters, digits and _, not a reserved word",
            given.place,
        )
    return name


def read_controls(
    tree: Sequence[Node], renderer: Renderer, dependence: Dependence
) -> tuple[Input, ...]:
    """Return the inputs of a page with their choices; what they list may not depend on others."""
    inputs: list[Input] = []
    for component in _controls(tree):
        if dependence.of_node(component):
            raise ReportError(
                f"<{component.name}> depends on another input, so that its options would change; "
                "make it a templated page, or list all options",
                component.place,
            )
        spec = CONTROLS[component.name]
        props = read_props(spec, component, renderer, ())
        inputs.append(read_input(Call(spec, component, (), renderer, props)))
    return tuple(inputs)
