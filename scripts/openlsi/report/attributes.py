"""Reading the attributes of a tag: `a=b c="x {js} y" d={js} {e} flag`."""

from __future__ import annotations

import re

from openlsi.report.balance import end_of_braces
from openlsi.report.errors import Place, ReportError
from openlsi.report.nodes import Attribute, AttributePart
from openlsi.report.source import Source

NAME = re.compile(r"[A-Za-z_:@][\w:.@-]*")
SPACE = re.compile(r"\s*")
UNQUOTED = re.compile(r"[^\s\"'=<>`{}]")


def read_attributes(
    text: str, start: int, source: Source, tag_place: Place, tag_name: str
) -> tuple[tuple[Attribute, ...], int, bool]:
    """Return a tag's attributes, the offset after its `>`, and whether it ended in `/>`."""
    attributes: list[Attribute] = []
    i = start
    while True:
        space = SPACE.match(text, i)
        i = space.end() if space else i
        if i >= len(text):
            raise ReportError(f"<{tag_name}> is never closed by `>`", tag_place)
        if text.startswith("/>", i):
            return tuple(attributes), i + 2, True
        if text[i] == ">":
            return tuple(attributes), i + 1, False
        attribute, i = _read_one(text, i, source, tag_place, tag_name)
        if any(attribute.name == other.name for other in attributes):
            raise ReportError(
                f"<{tag_name}> has the attribute {attribute.name!r} twice", attribute.place
            )
        attributes.append(attribute)


def _read_one(
    text: str, i: int, source: Source, tag_place: Place, tag_name: str
) -> tuple[Attribute, int]:
    place = source.place_at(i)
    if text[i] == "{":
        return _read_shorthand(text, i, place, tag_name)
    name = NAME.match(text, i)
    if not name:
        raise ReportError(f"cannot read <{tag_name}> at {text[i : i + 12]!r}", place)
    i = name.end()
    if i >= len(text) or text[i] != "=":
        return Attribute(name.group(), (), place), i
    i += 1
    if i < len(text) and text[i] in "\"'":
        end = _end_of_quoted(text, i, tag_name, place)
        parts = split_parts(text[i + 1 : end - 1], place)
        return Attribute(name.group(), parts or (AttributePart("", False),), place), end
    end = i
    while end < len(text):
        if text[end] == "{":
            closing = end_of_braces(text, end)
            if closing < 0:
                raise ReportError(f"the `{{` of {name.group()!r} is never closed", place)
            end = closing
        elif text.startswith("/>", end) or not UNQUOTED.match(text[end]):
            break
        else:
            end += 1
    if end == i:
        raise ReportError(f"{name.group()!r} of <{tag_name}> has no value after `=`", tag_place)
    return Attribute(name.group(), split_parts(text[i:end], place), place), end


def _read_shorthand(text: str, i: int, place: Place, tag_name: str) -> tuple[Attribute, int]:
    end = end_of_braces(text, i)
    inner = text[i + 1 : end - 1].strip() if end > 0 else ""
    if inner.startswith("..."):
        raise ReportError(f"<{tag_name}>: `{{...}}` is not supported; write the props out", place)
    if not NAME.fullmatch(inner):
        raise ReportError(f"cannot read <{tag_name}> at {text[i : i + 12]!r}", place)
    return Attribute(inner, (AttributePart(inner, True),), place), end


def _end_of_quoted(text: str, start: int, tag_name: str, place: Place) -> int:
    quote = text[start]
    i = start + 1
    while i < len(text):
        if text[i] == "{":
            closing = end_of_braces(text, i)
            if closing > 0:
                i = closing
                continue
        if text[i] == quote:
            return i + 1
        i += 1
    raise ReportError(f"a quoted value of <{tag_name}> is never closed", place)


def split_parts(value: str, place: Place) -> tuple[AttributePart, ...]:
    """Split an attribute's value into literal text and expressions in braces."""
    parts: list[AttributePart] = []
    literal_from = i = 0
    while i < len(value):
        if value[i] != "{":
            i += 1
            continue
        end = end_of_braces(value, i)
        if end < 0:
            raise ReportError("a `{` in this attribute is never closed", place)
        if value[literal_from:i]:
            parts.append(AttributePart(value[literal_from:i], False))
        parts.append(AttributePart(value[i + 1 : end - 1].strip(), True))
        literal_from = i = end
    if value[literal_from:]:
        parts.append(AttributePart(value[literal_from:], False))
    return tuple(parts)
