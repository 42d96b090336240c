"""Markdown to HTML as Evidence's Markdown step does it, with heading ids from the source text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

DASHES = ((re.compile(r"(?<!-)---(?!-)"), "—"), (re.compile(r"(?<!-)--(?!-)"), "–"))
ELLIPSIS = re.compile(r"\.\.\.")
NOT_IN_SLUG = re.compile(r"[^\w\- ]")
PLACEHOLDER = re.compile(r"zqx(\d+)xqz|<x-(\d+)>")


def to_html(text: str, source_of: Callable[[int], str]) -> str:
    """Return HTML; `source_of(n)` gives the code that placeholder n stands for, for slugs."""
    engine = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    # Evidence has no indented code: four spaces make a paragraph.
    engine.disable(["code"])
    # Links with placeholders must survive: data decides later whether a link is safe.
    engine.validateLink = lambda url: True  # type: ignore[method-assign]
    engine.core.ruler.after("inline", "typography", _typography)
    engine.core.ruler.push("alignment", _alignment)
    engine.core.ruler.push("headings", lambda state: _heading_ids(state, source_of))
    return str(engine.render(text))


def _typography(state: StateCore) -> None:
    for token in _inline_text(state.tokens):
        text = ELLIPSIS.sub("…", token.content)
        for pattern, character in DASHES:
            text = pattern.sub(character, text)
        token.content = text


def _alignment(state: StateCore) -> None:
    """Align cells by class: the page's security policy allows no style attributes."""
    for token in state.tokens:
        style = token.attrs.pop("style", None)
        if style:
            token.attrSet("class", f"align-{str(style).partition(':')[2].strip()}")


def _inline_text(tokens: Sequence[Token]) -> list[Token]:
    return [
        child
        for token in tokens
        if token.type == "inline"
        for child in token.children or []
        if child.type == "text"
    ]


def _heading_ids(state: StateCore, source_of: Callable[[int], str]) -> None:
    seen: dict[str, int] = {}
    for i, token in enumerate(state.tokens):
        if token.type != "heading_open":
            continue
        content = state.tokens[i + 1].content
        plain = PLACEHOLDER.sub(lambda m: source_of(int(m.group(1) or m.group(2))), content)
        slug = slug_of(re.sub(r"[*`\[\]]|\]\([^)]*\)", "", plain))
        count = seen.get(slug, 0)
        seen[slug] = count + 1
        token.attrSet("id", f"{slug}-{count}" if count else slug)


def slug_of(text: str) -> str:
    """Return the id that GitHub's rule gives a heading."""
    return NOT_IN_SLUG.sub("", text.strip().lower()).replace(" ", "-")
