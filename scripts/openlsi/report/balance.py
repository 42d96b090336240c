"""Finding the end of a braced expression, past quotes, templates and nested braces."""

from __future__ import annotations

OPENING = {"{": "}", "(": ")", "[": "]"}
CLOSING = set(OPENING.values())


def end_of_braces(text: str, start: int) -> int:
    """Return the offset just after the brace that closes the one at `start`; -1 if none does."""
    expected: list[str] = []
    i = start
    while i < len(text):
        char = text[i]
        if char in "\"'":
            i = _end_of_quote(text, i)
            if i < 0:
                return -1
            continue
        if char == "`":
            i = _end_of_template(text, i)
            if i < 0:
                return -1
            continue
        if char in OPENING:
            expected.append(OPENING[char])
        elif char in CLOSING:
            if not expected or expected.pop() != char:
                return -1
            if not expected:
                return i + 1
        i += 1
    return -1


def _end_of_quote(text: str, start: int) -> int:
    quote = text[start]
    i = start + 1
    while i < len(text):
        if text[i] == "\\":
            i += 2
            continue
        if text[i] == quote:
            return i + 1
        if text[i] == "\n":
            return -1
        i += 1
    return -1


def _end_of_template(text: str, start: int) -> int:
    i = start + 1
    while i < len(text):
        if text[i] == "\\":
            i += 2
            continue
        if text[i] == "`":
            return i + 1
        if text.startswith("${", i):
            i = end_of_braces(text, i + 1)
            if i < 0:
                return -1
            continue
        i += 1
    return -1
