"""The embedded JavaScript engine: formats for every page, expressions for one page at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import dukpy

from openlsi.report.data import Table, Value
from openlsi.report.errors import nearest

MESSAGE = re.compile(r"^(?:\w*Error): (.*?)(?:\n|$)", re.DOTALL)
UNKNOWN_NAME = re.compile(r"^['\"]?([\w$]+)['\"]? is not defined")

FORMATS = (("javascript", "codes.js"), ("javascript", "formats.js"))
"""What turns values into text, which pages and drawings share."""


class ScriptError(Exception):
    """What the engine had to say about an expression, in one line."""


@cache
def script(*path: str) -> str:
    """Return a JavaScript file of the package."""
    return files("openlsi.report").joinpath(*path).read_text(encoding="utf-8")


class JavaScript:
    """A sandbox without files, network, clock or randomness.

    It has no limit of its own on time or memory: the renderer runs in a child process that has.
    """

    def __init__(self) -> None:
        self._engine = dukpy.JSInterpreter()
        self._names: list[str] = []
        self._formats: dict[str, Any] = {}
        self._answers: dict[tuple[str, Scope], tuple[str, Any]] = {}
        for path in (("vendor", "ssf.js"), *FORMATS, ("javascript", "page.js")):
            self._engine.evaljs(script(*path) + "\n;0")

    def call(self, function: str, *arguments: Any) -> Any:
        """Call a function of the runtime with plain values."""
        return self._run(f"{function}({', '.join(_literal(a) for a in arguments)})", ())

    def _format(self, function: str, *arguments: Any) -> Any:
        """Call a function of the formats, whose answers depend on nothing but its arguments.

        A site asks the same few thousand times; each call of the engine costs a millisecond.
        """
        code = f"openlsiFormats.{function}({', '.join(_literal(one) for one in arguments)})"
        if code not in self._formats:
            self._formats[code] = self._run(code, ())
        return self._formats[code]

    def add_format(self, tag: str, code: str, value_type: str) -> None:
        """Make a project's own format known."""
        self._formats.clear()
        self.call("openlsiFormats.addCustom", tag, code, value_type)

    def check_format(self, text: str) -> None:
        """Raise ScriptError for a text that is neither a format's tag nor a spreadsheet code."""
        self._format("check", text)

    def knows_format(self, tag: str) -> bool:
        """Return whether a format tag is built in or the project's own."""
        return bool(self._format("known", tag))

    def format_tags(self) -> list[str]:
        """Return every format tag, for the nearest name in a message."""
        return list(self._format("tags"))

    def title(self, column: str) -> str:
        """Return the title that Evidence gives a column."""
        return str(self._format("title", column))

    def format_column(
        self,
        table: Table,
        column: str,
        tag: str | None,
        values: Sequence[Value] | None = None,
        with_units: bool = True,
    ) -> list[str]:
        """Return a column (or other values of its kind) as text; units abbreviate, as in tables."""
        every = table.values(column)
        texts = self._format(
            "column",
            list(every if values is None else values),
            table.kind(column),
            column,
            tag,
            every,
            with_units,
        )
        return [str(text) for text in texts]

    def start_page(self, variables: dict[str, Any], tables: dict[str, Table]) -> None:
        """Forget the last page and make this one's queries and variables known."""
        self.call("openlsiPage.forget", self._names)
        self._names = []
        self.add_to_page(variables, tables)

    def add_to_page(self, variables: dict[str, Any], tables: dict[str, Table]) -> None:
        """Make more queries and variables known, or known ones anew; lists in use stay."""
        self._answers.clear()
        self._names += [name for name in (*variables, *tables) if name not in self._names]
        for name, value in variables.items():
            self._run(f"globalThis[{_literal(name)}] = {_literal(value)}, 0", ())
        for name, table in tables.items():
            self.call(
                "openlsiPage.define",
                name,
                list(table.columns),
                list(table.kinds),
                json.dumps(table.rows),
            )

    def evaluate(self, code: str, scope: Scope) -> tuple[str, Any]:
        """Return the kind of an expression's value and, where it is plain, the value.

        Most expressions of a page name one of its queries, over and over: each is asked once.
        """
        if (code, scope) not in self._answers:
            kind, value = self._run(_in_scope(f"openlsiPage.describe(({code}\n))", scope), scope)
            self._answers[code, scope] = str(kind), value
        return self._answers[code, scope]

    def keep_list(self, code: str, scope: Scope) -> tuple[int, int] | None:
        """Evaluate a list for {#each}; return its number and length, or None if it is none."""
        kept = self._run(_in_scope(f"openlsiPage.keep(({code}\n))", scope), scope)
        return (int(kept[0]), int(kept[1])) if kept else None

    def rows(self, code: str, scope: Scope) -> list[dict[str, Any]]:
        """Return the rows of a list or of a single row."""
        return list(self._run(_in_scope(f"openlsiPage.rows(({code}\n))", scope), scope))

    def plain_object(self, code: str, scope: Scope) -> dict[str, Any]:
        """Return an object with all that is in it; dates are ISO text."""
        text = self._run(_in_scope(f"openlsiPage.plain(({code}\n))", scope), scope)
        found: dict[str, Any] = json.loads(text)
        return found

    def _run(self, code: str, scope: Scope) -> Any:
        try:
            return self._engine.evaljs(code)
        except dukpy.JSRuntimeError as error:
            raise ScriptError(self._explain(str(error), scope)) from error

    def _explain(self, text: str, scope: Scope) -> str:
        found = MESSAGE.match(text)
        message = (found.group(1) if found else text).strip()
        if message.startswith("@column "):
            query, column, columns = json.loads(message[8:])
            return f"query {query!r} has no column {column!r}{nearest(column, columns)}"
        if message.startswith("@method "):
            query, method, instead = json.loads(message[8:])
            return f".{method}() of query {query!r} is not supported; the nearest is {instead}"
        if message.startswith("@format "):
            return self._no_format(str(json.loads(message[8:])))
        name = UNKNOWN_NAME.match(message)
        if name:
            known = [*self._names, *(alias for alias, _ in scope), "fmt"]
            return f"nothing here is called {name.group(1)!r}{nearest(name.group(1), known)}"
        if re.search(r"cannot read property|of undefined|of null", message):
            return f"{message} (does the query have that row?)"
        return message

    def _no_format(self, text: str) -> str:
        return (
            f"{text!r}: no such format{nearest(text, self.format_tags())}; a spreadsheet code has "
            "0, #, ?, @ or the letters of a date, and other letters in quotes"
        )


Scope = tuple[tuple[str, str], ...]
"""Names that only a part of the page knows, each with the code that yields its value."""


def _in_scope(code: str, scope: Scope) -> str:
    names = ", ".join(name for name, _ in scope)
    values = ", ".join(value for _, value in scope)
    return f"(function ({names}) {{ 'use strict'; return {code}; }})({values})"


def _literal(value: Any) -> str:
    # The two line separators end a JavaScript string in older engines.
    return json.dumps(value, ensure_ascii=True)
