"""Code fences: the named ones are queries, the others are code to show."""

from __future__ import annotations

import re
from dataclasses import dataclass

from openlsi.report.errors import Place, ReportError
from openlsi.report.source import Source

FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})\s*(.*?)\s*$")
IDENTIFIER = re.compile(r"^[A-Za-z_$][\w$]*$")
CODE_LANGUAGES = frozenset(
    [
        "javascript",
        "js",
        "html",
        "css",
        "sql",
        "python",
        "py",
        "typescript",
        "ts",
        "java",
        "bash",
        "sh",
        "csharp",
        "c++",
        "cpp",
        "php",
        "c",
        "powershell",
        "go",
        "rust",
        "kotlin",
        "dart",
        "ruby",
        "r",
        "matlab",
        "dax",
        "json",
        "yaml",
        "yml",
        "markdown",
        "md",
        "code",
        "svelte",
        "shell",
        "plaintext",
        "text",
        "diff",
        "toml",
        "xml",
        "jinja",
    ]
)
RESERVED_WORDS = frozenset(
    [
        "await",
        "break",
        "case",
        "catch",
        "class",
        "const",
        "continue",
        "debugger",
        "default",
        "delete",
        "do",
        "else",
        "enum",
        "export",
        "extends",
        "false",
        "finally",
        "for",
        "function",
        "if",
        "import",
        "in",
        "instanceof",
        "let",
        "new",
        "null",
        "return",
        "static",
        "super",
        "switch",
        "this",
        "throw",
        "true",
        "try",
        "typeof",
        "var",
        "void",
        "while",
        "with",
        "yield",
        "params",
        "inputs",
        "metadata",
        "fmt",
    ]
)


@dataclass(frozen=True)
class Query:
    """A named query as written, before chaining."""

    name: str
    sql: str
    place: Place
    is_file: bool = False


def take_queries(source: Source) -> tuple[dict[str, Query], Source]:
    """Return the page's named queries and the source with their fences blanked."""
    queries: dict[str, Query] = {}
    removed: set[int] = set()
    for first, last, info in fences(source):
        name = _query_name(info)
        if name is None:
            continue
        place = source.place(first)
        if not IDENTIFIER.match(name) or name in RESERVED_WORDS:
            raise ReportError(
                f"{name!r} cannot name a query: use letters, digits and _, not a reserved word",
                place,
            )
        if name in queries:
            raise ReportError(f"a second query is called {name!r}; rename one of them", place)
        sql = "\n".join(source.lines[first + 1 : last])
        queries[name] = Query(name, sql, source.place(first + 1))
        removed.update(range(first, last + 1))
    return queries, source.without_lines(removed)


def fences(source: Source) -> list[tuple[int, int, str]]:
    """Return (first line, last line, info string) of every code fence."""
    found: list[tuple[int, int, str]] = []
    opened: tuple[int, str, str] | None = None
    for number, line in enumerate(source.lines):
        match = FENCE.match(line)
        if not match:
            continue
        marks, info = match.groups()
        if opened is None:
            if marks[0] == "`" and "`" in info:
                continue
            opened = (number, marks, info)
        elif marks.startswith(opened[1]) and not info:
            found.append((opened[0], number, opened[2]))
            opened = None
    if opened:
        raise ReportError("this code fence is never closed", source.place(opened[0]))
    return found


def _query_name(info: str) -> str | None:
    words = info.split()
    if len(words) > 1 and words[0] == "sql":
        return words[1]
    if len(words) == 1 and words[0].lower() not in CODE_LANGUAGES:
        return words[0]
    return None
