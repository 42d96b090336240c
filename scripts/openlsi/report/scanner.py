"""Splitting Svelte-flavoured Markdown into Markdown with placeholders, and what they stand for.

Markdown runs before expressions are evaluated, so everything that is not Markdown is replaced by
a token that Markdown leaves alone: `<x-12>` for tags and blocks, `zqx12xqz` for expressions (plain
ASCII, because other characters are percent-encoded inside links).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from openlsi.report.attributes import read_attributes
from openlsi.report.balance import end_of_braces
from openlsi.report.errors import Place, ReportError
from openlsi.report.fences import fences
from openlsi.report.nodes import Expression, Logic, Tag
from openlsi.report.source import Source

TAG_START = re.compile(r"<(/?)([A-Za-z][\w.-]*)")
LOGIC = re.compile(r"\{\s*([#:/@])\s*([A-Za-z]+)\s*", re.ASCII)
AUTOLINK = re.compile(r"<(https?://|mailto:)[^\s<>]*>")
REFUSED_TAGS = {
    "script": "scripts do not run in a rendered page; use an expression in braces",
    "style": "styles belong to the site's style sheet",
    "iframe": "nothing is fetched from elsewhere",
    "object": "nothing is fetched from elsewhere",
    "embed": "nothing is fetched from elsewhere",
    "form": "a static page has nowhere to send a form",
    "base": "it would change every link of the page",
    "meta": "the page's head is made by the renderer",
    "link": "the page's head is made by the renderer",
    "svg": "put drawings into static/ and show them with ![description](/file.svg)",
}


@dataclass
class Scan:
    """Markdown with placeholders, and the parts that they stand for, by number."""

    text: str = ""
    parts: list[Expression | Logic | Tag] = field(default_factory=list)


def scan(source: Source) -> Scan:
    """Replace tags, blocks and expressions in a source (without its queries) by placeholders."""
    scanner = _Scanner(source)
    scanner.run()
    return Scan("".join(scanner.out), scanner.parts)


class _Scanner:
    """The state of one scan: where it stands, and what it has put out."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.position = 0
        self.out: list[str] = []
        self.parts: list[Expression | Logic | Tag] = []
        starts = [0]
        for line in source.lines:
            starts.append(starts[-1] + len(line) + 1)
        self.fences = [(starts[first], starts[last + 1] - 1) for first, last, _ in fences(source)]

    def run(self) -> None:
        while self.position < len(self.text):
            if not self._skip_code() and not self._comment_or_tag() and not self._braces():
                self._copy(self.position + 1)

    def _place(self) -> Place:
        return self.source.place_at(self.position)

    def _copy(self, end: int) -> None:
        self.out.append(self.text[self.position : end])
        self.position = end

    def _skip_code(self) -> bool:
        for start, end in self.fences:
            if start == self.position:
                self._copy(end)
                return True
        if self.text[self.position] == "\\" and self.position + 1 < len(self.text):
            self._copy(self.position + 2)
            return True
        if self.text[self.position] != "`":
            return False
        ticks = re.compile(r"`+").match(self.text, self.position)
        length = len(ticks.group()) if ticks else 1
        closing = re.compile(rf"(?<!`)`{{{length}}}(?!`)").search(self.text, self.position + length)
        self._copy(closing.end() if closing else self.position + length)
        return True

    def _comment_or_tag(self) -> bool:
        if self.text[self.position] != "<":
            return False
        if self.text.startswith("<!--", self.position):
            end = self.text.find("-->", self.position)
            if end < 0:
                raise ReportError("this comment is never closed", self._place())
            self.out.append("\n" * self.text.count("\n", self.position, end))
            self.position = end + 3
            return True
        autolink = AUTOLINK.match(self.text, self.position)
        if autolink:
            self._copy(autolink.end())
            return True
        found = TAG_START.match(self.text, self.position)
        if not found:
            raise ReportError(
                "a bare `<` in text breaks the real Evidence build; write {'<'}", self._place()
            )
        self._tag(found)
        return True

    def _tag(self, found: re.Match[str]) -> None:
        place = self._place()
        closes, name = found.groups()
        # <Link> is a component; in lower case it would be the element of a page's head.
        if name.lower() in REFUSED_TAGS and name != "Link":
            raise ReportError(f"<{name}> is not supported: {REFUSED_TAGS[name.lower()]}", place)
        attributes, end, is_empty = read_attributes(
            self.text, found.end(), self.source, place, name
        )
        kind = "close" if closes else "empty" if is_empty else "open"
        tag = Tag(name, attributes, kind, place)
        number = self._keep(tag)
        if tag.is_component:
            self.out.append(f"<x-{number}>")
        elif closes or not attributes:
            self.out.append(f"<{closes}{name}{' /' if is_empty else ''}>")
        else:
            # The name stays, because Markdown treats <table> and <a> differently.
            self.out.append(f'<{name} data-zq="{number}"{" /" if is_empty else ""}>')
        self.position = end

    def _braces(self) -> bool:
        char = self.text[self.position]
        if char == "&" and self.text.startswith("&lt;", self.position):
            raise ReportError(
                "`&lt;` in text breaks the real Evidence build; write {'<'}", self._place()
            )
        if char != "{":
            return False
        place = self._place()
        end = end_of_braces(self.text, self.position)
        if end < 0:
            raise ReportError("this `{` is never closed (write {'{'} for a brace)", place)
        inner = self.text[self.position + 1 : end - 1].strip()
        found = LOGIC.match(self.text, self.position)
        if found:
            code = self.text[found.end() : end - 1].strip()
            self._logic(found.group(1), found.group(2), code, place, end)
        elif not inner:
            raise ReportError("there is nothing between these braces", place)
        else:
            self.out.append(f"zqx{self._keep(Expression(inner, place))}xqz")
        self.position = end
        return True

    def _logic(self, mark: str, word: str, code: str, place: Place, end: int) -> None:
        if mark == "@":
            raise ReportError(f"{{@{word} …}} is not supported in pages", place)
        if word not in ("if", "each", "else"):
            raise ReportError(f"{{{mark}{word} …}} is not supported; use #if or #each", place)
        if word == "else" and re.match(r"if\b", code):
            word, code = "else if", code[2:].strip()
        token = f"<x-{self._keep(Logic(mark, word, code, place))}>"
        line_start = self.text.rfind("\n", 0, self.position) + 1
        line_end = self.text.find("\n", end)
        rest = self.text[end : line_end if line_end >= 0 else len(self.text)]
        alone = not self.text[line_start : self.position].strip() and not rest.strip()
        # A block's mark alone on its line stands apart from the text round it, as in mdsvex.
        self.out.append(f"\n\n{token}\n\n" if alone else token)

    def _keep(self, part: Expression | Logic | Tag) -> int:
        self.parts.append(part)
        return len(self.parts) - 1
