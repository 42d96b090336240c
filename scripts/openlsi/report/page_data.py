"""The results of a page's queries, kept in step with what is chosen in its inputs."""

from __future__ import annotations

import re
from collections.abc import Callable

from openlsi.report.data import Table
from openlsi.report.database import Database
from openlsi.report.dependence import Dependence
from openlsi.report.errors import Place, ReportError
from openlsi.report.fences import Query
from openlsi.report.inputs import Chosen
from openlsi.report.javascript_engine import JavaScript, ScriptError
from openlsi.report.sql import chain, fill

TABLE_NAME = re.compile(r"\b(?:from|join)\s+\w+\.(\w+)", re.IGNORECASE)


class PageData:
    """Runs a page's queries: those without inputs once, the others for every choice."""

    def __init__(
        self,
        database: Database,
        js: JavaScript,
        queries: dict[str, Query],
        at: Callable[[Place], None],
    ) -> None:
        self.tables: dict[str, Table] = {}
        self._database = database
        self._js = js
        self._queries = queries
        self._at = at
        self._chosen: Chosen | None = None
        self._changing: dict[str, frozenset[str]] = {}
        self._sql: dict[str, str] = {}

    def run_all_but(self, dependence: Dependence) -> None:
        """Run the queries that no input changes and make them known to expressions."""
        used = dependence.of_query
        self._changing = {name: inputs for name, inputs in used.items() if inputs}
        fixed = {
            name: self.run(query)
            for name, query in self._queries.items()
            if name not in self._changing
        }
        self.tables.update(fixed)
        self._js.add_to_page({}, fixed)

    def choose(self, chosen: Chosen) -> None:
        """Make a choice known to expressions and run the queries that it changes."""
        before, self._chosen = self._chosen, chosen
        changed = {
            name
            for name, place in chosen.places.items()
            if before is None or before.places[name] != place
        }
        self._js.add_to_page({"inputs": chosen.values()}, {})
        found = {
            name: self.run(self._queries[name])
            for name, inputs in self._changing.items()
            if before is None or inputs & changed
        }
        self.tables.update(found)
        self._js.add_to_page({}, found)

    def run(self, query: Query) -> Table:
        """Run a query with the values that its `${…}` have now."""
        self._at(query.place)
        sql = fill(chain(query, self._queries), query, lambda code: self._value(code, query))
        self._sql[query.name] = sql
        table = self._database.query(sql, query.name, query.place)
        return Table(table.columns, table.kinds, table.rows, query.name)

    def narrow(self, table: Table, where: str | None, order: str | None, place: Place) -> Table:
        """Return a query's result filtered and ordered by SQL."""
        if table.name not in self._sql:
            raise ReportError("where= and order= need data={query}, not rows of a list", place)
        condition = f"\nwhere {where}" if where else ""
        ordering = f"\norder by {order}" if order else ""
        sql = f"select * from (\n{self._sql[table.name]}\n){condition}{ordering}"
        try:
            found = self._database.query(sql, table.name, place)
        except ReportError as error:
            # The line that the database names is one of the query's, not of the page's.
            raise ReportError(f"where= or order=: {error.message}", place) from error
        return Table(found.columns, found.kinds, found.rows, table.name)

    def sources(self, table: Table) -> frozenset[str]:
        """Return the names of the tables that a query's result comes from."""
        found = TABLE_NAME.findall(self._sql.get(table.name, ""))
        return frozenset(name.lower() for name in found)

    def _value(self, code: str, query: Query) -> object:
        text = self._chosen.sql_text(code) if self._chosen else None
        if text is not None:
            return text
        try:
            kind, value = self._js.evaluate(code, ())
        except ScriptError as error:
            raise ReportError(f"query {query.name!r}: ${{{code}}}: {error}", query.place) from error
        if kind not in ("string", "number", "boolean"):
            hint = ""
            if code.strip().startswith("inputs."):
                hint = (
                    "; Dropdown and DateInput have .value, DateRange .start and .end, the other "
                    "inputs are plain"
                )
            raise ReportError(f"query {query.name!r}: ${{{code}}} is {kind}{hint}", query.place)
        return value
