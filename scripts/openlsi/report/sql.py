"""Turning a page's SQL into what runs: chaining first, then parameters as safe text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from openlsi.report.balance import end_of_braces
from openlsi.report.errors import Place, ReportError, nearest
from openlsi.report.fences import Query

REFERENCE = re.compile(r"\$\{\s*([A-Za-z_$][\w$]*)\s*\}")
NUMBER = re.compile(r"^-?\d+(\.\d+)?$")
TURN = re.compile(r"--|\$\{|'")
"""Where reading SQL takes a turn: a comment, a part put in at run time, an end of quotes."""
DEEPEST_CHAIN = 15


class SqlText(str):
    """SQL that the renderer made itself, such as a list of quoted values."""

    __slots__ = ()


@dataclass(frozen=True)
class Hole:
    """A run-time `${…}` in SQL: where it is, and whether it stands inside single quotes."""

    start: int
    end: int
    code: str
    in_quotes: bool


def chain(query: Query, queries: dict[str, Query]) -> str:
    """Put the text of other queries in the place of their `${name}`, in brackets."""
    text = query.sql.strip().rstrip(";")
    for _ in range(DEEPEST_CHAIN):
        expanded = REFERENCE.sub(lambda found: _expand(found, query, queries), text)
        if expanded == text:
            return text
        text = expanded
    raise ReportError(f"query {query.name!r} goes round in a circle", query.place)


def _expand(found: re.Match[str], query: Query, queries: dict[str, Query]) -> str:
    name = found.group(1)
    if name not in queries:
        line = query.sql.count("\n", 0, max(query.sql.find(found.group()), 0))
        raise ReportError(
            f"query {query.name!r} builds on {name!r}, which is no query of this page"
            f"{nearest(name, queries)}",
            Place(query.place.file, query.place.line + line),
        )
    other = queries[name]
    if query.is_file and not other.is_file:
        raise ReportError(
            f"the query file {query.name!r} may build on other files only, not on {name!r}",
            query.place,
        )
    if name == query.name:
        raise ReportError(f"query {query.name!r} goes round in a circle", query.place)
    return f"({other.sql.strip().rstrip(';')})"


def holes(text: str, query: Query) -> list[Hole]:
    """Return the run-time parts of a chained query."""
    found: list[Hole] = []
    in_quotes = False
    at = TURN.search(text)
    while at:
        end = at.end()
        if at.group() == "'":
            in_quotes = not in_quotes
        elif at.group() == "${":
            end = end_of_braces(text, at.start() + 1)
            if end < 0:
                raise ReportError(f"query {query.name!r}: `${{` is never closed", query.place)
            found.append(Hole(at.start(), end, text[at.end() : end - 1].strip(), in_quotes))
        elif not in_quotes:
            line_end = text.find("\n", end)
            end = line_end if line_end >= 0 else len(text)
        at = TURN.search(text, end)
    return found


def fill(text: str, query: Query, value_of: Callable[[str], object]) -> str:
    """Put the values of run-time parts in, so that none can end its quotes or add SQL."""
    filled: list[str] = []
    position = 0
    for hole in holes(text, query):
        filled.append(text[position : hole.start])
        given = value_of(hole.code)
        value = ("true" if given else "false") if isinstance(given, bool) else str(given)
        if "\0" in value:
            raise ReportError(f"query {query.name!r}: ${{{hole.code}}} holds a NUL", query.place)
        if hole.in_quotes:
            filled.append(value.replace("'", "''"))
        elif isinstance(given, bool | SqlText) or NUMBER.match(value):
            filled.append(value)
        else:
            raise ReportError(
                f"query {query.name!r}: ${{{hole.code}}} is text; put it in single quotes, "
                f"'${{{hole.code}}}'",
                query.place,
            )
        position = hole.end
    filled.append(text[position:])
    return "".join(filled)
