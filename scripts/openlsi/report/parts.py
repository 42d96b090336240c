"""The parts of a page that change with its inputs, each rendered once for every choice."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product

from markupsafe import Markup

from openlsi.report.dependence import Dependence
from openlsi.report.errors import ReportError
from openlsi.report.inputs import Chosen, Input
from openlsi.report.javascript_engine import Scope
from openlsi.report.nodes import Component, Each, Element, If, Node
from openlsi.report.rendering import Renderer
from openlsi.report.sentences import sentences
from openlsi.report.templating import render

MOST_COMBINATIONS = 200


@dataclass(frozen=True)
class State:
    """A part as one choice makes it: the place of each choice, its words, its markup."""

    key: str
    label: str
    content: Markup


@dataclass(frozen=True)
class Part:
    """A part of a page in all its states, the default one first."""

    number: int
    inputs: tuple[str, ...]
    states: tuple[State, ...]


@dataclass
class Parts:
    """Renders what depends on inputs; everything else is left to the renderer."""

    dependence: Dependence
    chosen: Chosen
    choose: Callable[[Chosen], None]
    containers: Mapping[str, frozenset[str]]
    controls: frozenset[str]
    made: list[Part] = field(default_factory=list)
    combinations: set[tuple[tuple[str, int], ...]] = field(default_factory=set)
    _is_inside: bool = False

    def sentences(self, nodes: Iterable[Node]) -> Iterable[Node]:
        """Return nodes with paragraphs as one where all that changes in them changes together."""
        return nodes if self._is_inside else sentences(nodes, self._changes_together)

    def _changes_together(self, nodes: tuple[Node, ...]) -> bool:
        found = {names for names in map(self.dependence.of_node, nodes) if names}
        return len(found) == 1

    def render(self, renderer: Renderer, node: Node, scope: Scope) -> Markup | None:
        """Return a node in its default state with marks round it, or None if it never changes."""
        if self._is_inside:
            self._refuse_control(node)
            return None
        names = self._names(node)
        if not names:
            return None
        if isinstance(node, Element):
            raise ReportError(
                f"an attribute of <{node.tag.name}> depends on an input; put the element into "
                "{#if true} … {/if}, so that the whole of it can change",
                node.tag.place,
            )
        inputs = tuple(item for item in self.chosen.inputs if item.name in names)
        # The number is taken now: what is inside counts after it.
        part = Part(len(self.made) + 1, tuple(item.name for item in inputs), ())
        states = self._states(renderer, node, scope, inputs)
        self.made.append(Part(part.number, part.inputs, states))
        return render("components/part.html.jinja", number=part.number, content=states[0].content)

    def _refuse_control(self, node: Node) -> None:
        if isinstance(node, Component) and node.name in self.controls:
            raise ReportError(
                f"<{node.name}> stands inside a part that itself changes with an input; put it "
                "before that part",
                node.place,
            )

    def _names(self, node: Node) -> frozenset[str]:
        """Return the inputs that a node changes with, unless only parts inside it do."""
        if isinstance(node, Component) and node.name in self.controls:
            return frozenset()
        if isinstance(node, Component) and node.name in self.containers:
            own = self.dependence.of_attributes(node.attributes)
            members = self.containers[node.name]
            return own.union(
                *(
                    self.dependence.of_attributes(child.attributes)
                    for child in node.children
                    if isinstance(child, Component) and child.name in members
                ),
                *(
                    self.dependence.of_head(child)
                    for child in node.children
                    if members and isinstance(child, If | Each)
                ),
            )
        if isinstance(node, If | Each) and not self.dependence.of_head(node):
            return frozenset()
        return self.dependence.of_node(node)

    def _states(
        self, renderer: Renderer, node: Node, scope: Scope, inputs: tuple[Input, ...]
    ) -> tuple[State, ...]:
        self._count(node, inputs)
        names = [item.name for item in inputs]
        own = tuple(item.default for item in inputs)
        every = product(*(range(len(item.choices)) for item in inputs))
        ordered = [own, *(places for places in every if places != own)]
        states: list[State] = []
        self._is_inside = True
        for places in ordered:
            chosen = self.chosen.with_places(dict(zip(names, places, strict=True)))
            label = chosen.label(names)
            renderer.context.choice = "" if places == own else label
            try:
                self.choose(chosen)
                content = renderer.nodes((node,), scope)
            except ReportError as error:
                raise ReportError(f"{error.message} (with {label})", error.place) from error
            states.append(State(".".join(map(str, places)), label, content))
        renderer.context.choice = ""
        self._is_inside = False
        self.choose(self.chosen)
        return tuple(states)

    def _count(self, node: Node, inputs: tuple[Input, ...]) -> None:
        """Refuse more combinations than a page can carry, before any is worked out."""
        count = math.prod(len(item.choices) for item in inputs)
        if count <= MOST_COMBINATIONS:
            every = product(*(range(len(item.choices)) for item in inputs))
            names = [item.name for item in inputs]
            self.combinations.update(tuple(zip(names, places, strict=True)) for places in every)
            count = len(self.combinations)
        if count > MOST_COMBINATIONS:
            listed = ", ".join(f"{item.name} ({len(item.choices)} choices)" for item in inputs)
            raise ReportError(
                f"the inputs {listed} come to {count} combinations on this page, more than "
                f"{MOST_COMBINATIONS}; make it a templated page such as [{inputs[0].name}].md",
                inputs[0].place,
            )
