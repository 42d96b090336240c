"""What a page consists of once it has been read: text, expressions, blocks, components."""

from __future__ import annotations

from dataclasses import dataclass, field

from openlsi.report.errors import Place


@dataclass(frozen=True)
class AttributePart:
    """A piece of an attribute's value: literal text, or an expression in braces."""

    text: str
    is_expression: bool


@dataclass(frozen=True)
class Attribute:
    """An attribute as written; no parts means a bare flag such as `search`."""

    name: str
    parts: tuple[AttributePart, ...]
    place: Place

    @property
    def literal(self) -> str | None:
        """Return the value when it holds no expression."""
        if any(part.is_expression for part in self.parts):
            return None
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True)
class Html:
    """Markup that the Markdown step made; it goes to the page as it is."""

    markup: str


@dataclass(frozen=True)
class Expression:
    """`{code}` in running text."""

    code: str
    place: Place


@dataclass(frozen=True)
class Tag:
    """An opening, closing or empty tag, before tags are paired."""

    name: str
    attributes: tuple[Attribute, ...]
    kind: str  # open | close | empty
    place: Place

    @property
    def is_component(self) -> bool:
        """Return whether the tag names a component; HTML elements are in lower case."""
        return self.name[:1].isupper()


@dataclass(frozen=True)
class Logic:
    """`{#if …}`, `{:else}`, `{/if}` and so on, before they are paired."""

    mark: str  # '#', ':' or '/'
    word: str  # if | else | else if | each
    code: str
    place: Place


@dataclass(frozen=True)
class Element:
    """An HTML start tag with attributes; its end tag stays in the surrounding markup."""

    tag: Tag


@dataclass(frozen=True)
class Component:
    """A component with its children."""

    name: str
    attributes: tuple[Attribute, ...]
    children: tuple[Node, ...]
    place: Place


@dataclass(frozen=True)
class If:
    """The branches of a condition in order; the code of `{:else}` is None."""

    branches: tuple[tuple[str | None, tuple[Node, ...], Place], ...]


@dataclass(frozen=True)
class Each:
    """A repeated part, with what stands in for an empty list."""

    list_code: str
    alias: str
    index: str | None
    children: tuple[Node, ...]
    otherwise: tuple[Node, ...]
    place: Place


@dataclass(frozen=True)
class Sentence:
    """A paragraph with what stands in it, from its start tag to its end tag."""

    children: tuple[Node, ...]


Node = Html | Expression | Element | Component | If | Each | Sentence


@dataclass
class Frame:
    """An opened tag or block that still waits for its end, while a tree is built."""

    opener: Tag | Logic | None
    children: list[Node] = field(default_factory=list)
    branches: list[tuple[str | None, tuple[Node, ...], Place]] = field(default_factory=list)
    code: str | None = None
    place: Place | None = None
