"""Plain page SQL: select, filter, order, limit, join on keys, rows under each other; nothing more.

Metrics are defined once, in the semantic layer; a page that adds or divides would define a second
one that nobody tests. The rule is an allow-list: what is not known to be plain is refused.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from openlsi.report.errors import Place, ReportError
from openlsi.report.fences import Query
from openlsi.report.project import Project
from openlsi.report.sql import REFERENCE, chain, holes

ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Pow)
PLAIN_FUNCTIONS = frozenset(
    [
        "CAST",
        "TRY_CAST",
        "COALESCE",
        "NULLIF",
        "CASE",
        "IF",
        "LOWER",
        "UPPER",
        "TRIM",
        "CONCAT",
        "CONCAT_WS",
        "SUBSTRING",
        "LEFT",
        "RIGHT",
        "REPLACE",
        "ROUND",
        "ABS",
        "STRFTIME",
        "TIME_TO_STR",
        "DATE_TRUNC",
        "TIMESTAMP_TRUNC",
        "YEAR",
        "MONTH",
        "DAY",
        "EXTRACT",
        "LENGTH",
        "STARTS_WITH",
        "CONTAINS",
        "DATE",
        "TS_OR_DS_TO_DATE",
    ]
)
STATEMENTS = {
    exp.SetOperation: "a set operation (UNION, INTERSECT, EXCEPT) other than UNION ALL",
    exp.Window: "a window function",
    exp.Group: "GROUP BY",
    exp.Having: "HAVING",
    exp.Qualify: "QUALIFY",
    exp.Distinct: "DISTINCT",
    exp.Pivot: "PIVOT",
    exp.TableSample: "a sample",
    exp.Lateral: "a lateral join",
    exp.Unnest: "UNNEST",
}


def lint_project(project: Project) -> None:
    """Refuse the first query of any page that is not plain."""
    for page in project.pages:
        for query in page.queries.values():
            chain(query, page.queries)
            lint_query(query)


def lint_query(query: Query) -> None:
    """Refuse a query that computes; the message says what, where, and what to do instead."""
    text = _without_holes(query)
    try:
        statements = sqlglot.parse(text, dialect="duckdb")
    except SqlglotError as error:
        details = getattr(error, "errors", None) or [{}]
        line = int(details[0].get("line") or 1)
        problem = details[0].get("description") or str(error).splitlines()[0]
        raise ReportError(
            f"query {query.name!r} cannot be read: {problem}", _at(query, line)
        ) from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise ReportError(f"query {query.name!r} must be one SELECT", query.place)
    for node in statements[0].walk():
        problem = _problem(node)
        if problem:
            raise ReportError(
                f"query {query.name!r} holds {problem}; page SQL may select, filter, order, limit, "
                "join on keys and put rows under each other: publish the figure as a table and "
                "select it",
                _at(query, _line(node)),
            )


def _without_holes(query: Query) -> str:
    """Put names and texts in the place of `${…}`, so that line numbers stay."""
    text = REFERENCE.sub(lambda found: f'"{found.group(1)}"', query.sql)
    for hole in reversed(holes(text, query)):
        text = text[: hole.start] + ("x" if hole.in_quotes else "1") + text[hole.end :]
    return text


def _problem(node: exp.Expr) -> str | None:
    if isinstance(node, exp.Union) and not node.args.get("distinct"):
        return None  # Rows as they are, one place under another: nothing is worked out.
    for kind, words in STATEMENTS.items():
        if isinstance(node, kind):
            return words
    if isinstance(node, exp.Table) and isinstance(node.this, exp.Func):
        return f"a table function ({node.this.sql_name().lower()})"
    if isinstance(node, exp.AggFunc):
        return f"an aggregate ({node.sql_name().lower()})"
    if isinstance(node, ARITHMETIC):
        return _arithmetic(node)
    if isinstance(node, exp.Join):
        return _join(node)
    if isinstance(node, exp.Anonymous):
        return f"the function {node.name.lower()}(), which is not known to be plain"
    if isinstance(node, exp.Func) and not isinstance(node, exp.Connector | exp.Predicate):
        name = node.sql_name()
        if name not in PLAIN_FUNCTIONS and not isinstance(node, exp.DPipe):
            return f"the function {name.lower()}(), which is not known to be plain"
    return None


def _arithmetic(node: exp.Expr) -> str | None:
    if len(list(node.find_all(exp.Column, exp.Subquery))) > 1:
        return "arithmetic between columns"
    return None


def _join(join: exp.Join) -> str | None:
    if join.args.get("using"):
        return None
    condition = join.args.get("on")
    if condition is None:
        return "a join without keys"
    if not any(True for _ in condition.find_all(exp.EQ)):
        return "a join that is not on keys"
    allowed = (exp.And, exp.EQ, exp.Column, exp.Identifier, exp.Literal, exp.Paren, exp.Boolean)
    return None if _only(condition.walk(), allowed) else "a join that is not on keys"


def _only(nodes: Iterable[exp.Expr], allowed: tuple[type[exp.Expr], ...]) -> bool:
    return all(isinstance(node, allowed) for node in nodes)


def _line(node: exp.Expr) -> int:
    lines = [int(part.meta["line"]) for part in node.walk() if "line" in part.meta]
    if not lines and node.parent:
        return _line(node.parent)
    return min(lines, default=1)


def _at(query: Query, line: int) -> Place:
    return Place(query.place.file, query.place.line + line - 1)
