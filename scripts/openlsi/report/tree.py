"""Pairing tags and blocks into a tree, and refusing what is not paired."""

from __future__ import annotations

import html
import re

from openlsi.report.errors import Place, ReportError
from openlsi.report.markdown import to_html
from openlsi.report.nodes import (
    Attribute,
    AttributePart,
    Component,
    Each,
    Element,
    Expression,
    Frame,
    Html,
    If,
    Logic,
    Node,
    Tag,
)
from openlsi.report.scanner import Scan, scan
from openlsi.report.source import Source

TOKEN = re.compile(r'<x-(\d+)>|zqx(\d+)xqz|<[a-z][\w-]*(?: [\w:-]+="[^"<>]*")+ ?/?>')
BLOCK_ALONE = re.compile(r"^\s*\{#(?:if|each)\b.*\}\s*$")
PROSE = re.compile(r"^\s*[^\s{<#|`]")
MARKUP_TAG = re.compile(r"<(/?)([a-z][\w-]*)[^<>]*?(/?)>")
PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>", re.DOTALL)
TABLE_ROWS = re.compile(r"^\s*\|.*\|\s*$")
HEAD = re.compile(r"^(?P<list>.*?)\s+as\s+(?P<names>.+)$", re.DOTALL)
BRACKETS_IN_LINK = re.compile(r"\]\([^()\s]*\{[^{}]*\[")
KEY = re.compile(r"\s*\([^()]*(?:\([^()]*\)[^()]*)*\)\s*$")
IDENTIFIER = re.compile(r"^[A-Za-z_$][\w$]*$")
INLINE_COMPONENTS = frozenset({"Value", "Delta", "Info", "Link", "Sparkline"})
VOID_ELEMENTS = frozenset(["area", "br", "col", "hr", "img", "input", "source", "track", "wbr"])


def build_tree(source: Source) -> tuple[Node, ...]:
    """Return the tree of a page whose queries and front matter have been taken out."""
    scanned = scan(source)
    _refuse_what_breaks_evidence(source)
    _check_elements(scanned)
    markup = to_html(scanned.text, lambda number: _source_text(scanned.parts[number]))
    return _pair(_unwrap(markup, scanned), scanned)


def _source_text(part: Expression | Logic | Tag) -> str:
    return part.code if isinstance(part, Expression) else ""


def _refuse_what_breaks_evidence(source: Source) -> None:
    for number, line in enumerate(source.lines):
        if BRACKETS_IN_LINK.search(line):
            raise ReportError(
                "square brackets in the address of a Markdown link break the real Evidence "
                "build; use {row.column} inside {#each}, or an HTML link",
                source.place(number),
            )
    for number, line in enumerate(source.lines[1:-1], start=1):
        before, after = source.lines[number - 1], source.lines[number + 1]
        if BLOCK_ALONE.match(line) and PROSE.match(before) and not after.strip():
            raise ReportError(
                "to the real Evidence this belongs to the paragraph or list item above, and its "
                "end does not; put a blank line before it",
                source.place(number),
            )
        if re.match(r"^\s*\{#each\b", line) and (
            TABLE_ROWS.match(source.lines[number - 1]) or TABLE_ROWS.match(source.lines[number + 1])
        ):
            raise ReportError(
                "{#each} round rows of a Markdown table breaks the real Evidence build; "
                "use <DataTable> or an HTML table",
                source.place(number),
            )


def _check_elements(scanned: Scan) -> None:
    """Refuse HTML elements that are not closed in order; components are paired later."""
    opened: list[Tag] = []
    for part in scanned.parts:
        if not isinstance(part, Tag) or part.is_component:
            continue
        if part.kind == "empty" or part.name.lower() in VOID_ELEMENTS:
            continue
        if part.kind == "open":
            opened.append(part)
        elif not opened or opened.pop().name != part.name:
            raise ReportError(f"</{part.name}> closes nothing that is open here", part.place)
    if opened:
        raise ReportError(f"<{opened[-1].name}> is never closed", opened[-1].place)


def _unwrap(markup: str, scanned: Scan) -> str:
    """Take the paragraph away from round parts that stand alone, such as a chart."""

    def replace(match: re.Match[str]) -> str:
        inner = match.group(1)
        if "<x-" not in inner:
            return match.group()
        outside, blocks = _outside_components(inner, scanned)
        if not blocks:
            return match.group() if outside else inner
        if outside:
            raise ReportError(
                f"<{blocks[0].name}> stands inside a paragraph; put a blank line before and after",
                blocks[0].place,
            )
        return inner

    return PARAGRAPH.sub(replace, markup)


def _outside_components(inner: str, scanned: Scan) -> tuple[bool, list[Tag]]:
    """Return whether a paragraph has text outside components, and its block components."""
    depth = 0
    has_text = False
    blocks: list[Tag] = []
    for i, piece in enumerate(re.split(r"<x-(\d+)>", inner)):
        if not i % 2:
            has_text = has_text or (depth == 0 and bool(piece.strip()))
            continue
        part = scanned.parts[int(piece)]
        if not isinstance(part, Tag):
            continue
        if part.name in INLINE_COMPONENTS:
            has_text = has_text or depth == 0
            continue
        depth += {"open": 1, "close": -1}.get(part.kind, 0)
        if part.kind != "close":
            blocks.append(part)
    return has_text, blocks


def _pair(markup: str, scanned: Scan) -> tuple[Node, ...]:
    stack = [Frame(None)]
    position = 0
    for match in TOKEN.finditer(markup):
        _add_html(stack[-1], markup[position : match.start()])
        position = match.end()
        if match.group().startswith("<") and not match.group(1):
            _element(stack[-1], match.group(), scanned)
            continue
        part = scanned.parts[int(match.group(1) or match.group(2))]
        if isinstance(part, Expression):
            stack[-1].children.append(part)
        elif isinstance(part, Logic):
            _logic(stack, part)
        else:
            _component(stack, part)
    _add_html(stack[-1], markup[position:])
    if len(stack) > 1:
        opener = stack[-1].opener
        assert opener is not None
        name = f"<{opener.name}>" if isinstance(opener, Tag) else f"{{#{opener.word}}}"
        raise ReportError(f"{name} is never closed", opener.place)
    return tuple(stack[0].children)


def _element(frame: Frame, markup: str, scanned: Scan) -> None:
    """Add a start tag: one the page wrote, or one of Markdown's with expressions inside."""
    own = re.search(r' data-zq="(\d+)"', markup)
    if own:
        part = scanned.parts[int(own.group(1))]
        assert isinstance(part, Tag)
        frame.children.append(Element(part))
    elif "zqx" in markup:
        frame.children.append(Element(_tag_of_markdown(markup, scanned)))
    else:
        _add_html(frame, markup)


def _tag_of_markdown(markup: str, scanned: Scan) -> Tag:
    attributes: list[Attribute] = []
    place: Place | None = None
    for name, value in re.findall(r' ([\w:-]+)="([^"]*)"', markup):
        pieces = re.split(r"zqx(\d+)xqz", value)
        parts: list[AttributePart] = []
        for i, piece in enumerate(pieces):
            if i % 2:
                part = scanned.parts[int(piece)]
                assert isinstance(part, Expression)
                place = place or part.place
                parts.append(AttributePart(part.code, True))
            elif piece:
                parts.append(AttributePart(html.unescape(piece), False))
        attributes.append(Attribute(name, tuple(parts), place or Place("", 1)))
    assert place is not None
    name = re.match(r"<([\w-]+)", markup)
    kind = "empty" if markup.endswith("/>") else "open"
    return Tag(name.group(1) if name else "", tuple(attributes), kind, place)


def _add_html(frame: Frame, markup: str) -> None:
    if markup:
        frame.children.append(Html(markup))


def _component(stack: list[Frame], tag: Tag) -> None:
    if tag.kind == "open":
        stack.append(Frame(tag))
        return
    if tag.kind == "empty":
        stack[-1].children.append(Component(tag.name, tag.attributes, (), tag.place))
        return
    opener = stack[-1].opener
    if not isinstance(opener, Tag) or opener.name != tag.name:
        raise ReportError(f"</{tag.name}> closes nothing that is open here", tag.place)
    frame = stack.pop()
    stack[-1].children.append(
        Component(opener.name, opener.attributes, tuple(frame.children), opener.place)
    )


def _logic(stack: list[Frame], logic: Logic) -> None:
    if logic.mark == "#":
        if logic.word not in ("if", "each") or not logic.code:
            raise ReportError(f"{{#{logic.word}}} says nothing about what", logic.place)
        stack.append(Frame(logic, code=logic.code, place=logic.place))
        return
    opener = stack[-1].opener
    if not isinstance(opener, Logic):
        raise ReportError(f"{{{logic.mark}{logic.word}}} belongs to no open block", logic.place)
    frame = stack[-1]
    if logic.mark == ":":
        if opener.word == "each" and (logic.word != "else" or frame.branches):
            raise ReportError("an {#each} may have one {:else}", logic.place)
        if frame.branches and frame.code is None:
            raise ReportError("nothing may follow {:else} but its end", logic.place)
        _end_branch(frame)
        frame.code = logic.code if logic.word == "else if" else None
        frame.place = logic.place
        return
    if opener.word != logic.word:
        raise ReportError(f"{{/{logic.word}}} cannot close {{#{opener.word}}}", logic.place)
    _end_branch(frame)
    stack.pop()
    stack[-1].children.append(_finish(opener, frame))


def _end_branch(frame: Frame) -> None:
    assert frame.place is not None
    _refuse_crossing(frame.children, frame.place)
    if frame.children and isinstance(frame.children[0], Html):
        # Evidence drops the space that a block begins with; so must we, or it is seen there only.
        frame.children[0] = Html(frame.children[0].markup.lstrip())
    frame.branches.append((frame.code, tuple(frame.children), frame.place))
    frame.children = []


def _refuse_crossing(children: list[Node], place: Place) -> None:
    """Refuse a block that begins inside a paragraph or item and ends outside it, or the reverse."""
    depth = 0
    for child in children:
        if isinstance(child, Element):
            depth += child.tag.kind == "open"
        for end, name, empty in MARKUP_TAG.findall(child.markup if isinstance(child, Html) else ""):
            if name not in VOID_ELEMENTS and not empty:
                depth += -1 if end else 1
            if depth < 0:
                break
        if depth < 0:
            break
    if depth:
        raise ReportError(
            "the block begins in one paragraph and ends in another; put blank lines around "
            "its {#…} and {/…}, or both on one line",
            place,
        )


def _finish(opener: Logic, frame: Frame) -> Node:
    if opener.word == "if":
        return If(tuple(frame.branches))
    list_code, alias, index = _each_head(opener.code, opener.place)
    otherwise = frame.branches[1][1] if len(frame.branches) > 1 else ()
    return Each(list_code, alias, index, frame.branches[0][1], otherwise, opener.place)


def _each_head(code: str, place: Place) -> tuple[str, str, str | None]:
    head = HEAD.match(KEY.sub("", code) if " as " in KEY.sub("", code) else code)
    if not head:
        raise ReportError("write {#each rows as row} or {#each rows as row, i}", place)
    names = [name.strip() for name in head.group("names").split(",")]
    if len(names) > 2 or not all(IDENTIFIER.match(name) for name in names):
        raise ReportError(
            f"cannot read {head.group('names')!r}: write one name, or a name and an index", place
        )
    return head.group("list"), names[0], names[1] if len(names) == 2 else None
