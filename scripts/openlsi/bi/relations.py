"""The tables and views that are published, as plain data: where their rows come from, who reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

DISTRICT, COUNTY = "district", "county"
DISTRICT_METRICS, COUNTY_METRICS = "district_metrics", "county_metrics"
# What the views of district metrics read: one wide table a saved query, with machine names.
MEASURES = "measures"
SCHEMAS = (DISTRICT, MEASURES, DISTRICT_METRICS, COUNTY, COUNTY_METRICS)
VIEW_SCHEMAS = frozenset({DISTRICT_METRICS, COUNTY_METRICS})

Readers = Literal["districts", "county"]


@dataclass(frozen=True)
class Column:
    """A column with DuckDB's name of its type, and what it means; a metric has its label too."""

    name: str
    kind: str
    comment: str
    label: str = ""


@dataclass(frozen=True)
class Table:
    """A table to publish, made from one table of a generation.

    `owner_column` holds the ONS code of the district whose row it is; where it is None, all who may
    read the table read all of it. `source` is the table within the generation's files as attached,
    `where` a condition on its rows, or empty.
    """

    schema: str
    name: str
    comment: str
    columns: tuple[Column, ...]
    readers: Readers
    source: str
    owner_column: str | None = None
    where: str = ""

    @property
    def full_name(self) -> str:
        """The name with its schema, quoted for either engine."""
        return f"{quoted(self.schema)}.{quoted(self.name)}"

    @property
    def amounts(self) -> tuple[str, ...]:
        """The columns of exact decimals, whose sums are reconciled."""
        return tuple(one.name for one in self.columns if one.kind.startswith("DECIMAL"))


@dataclass(frozen=True)
class View:
    """A plain view over one table: the same rows, chosen columns under readers' names."""

    schema: str
    name: str
    comment: str
    columns: tuple[Column, ...]
    sources: tuple[str, ...]
    over: Table

    @property
    def full_name(self) -> str:
        """The name with its schema, quoted for either engine."""
        return f"{quoted(self.schema)}.{quoted(self.name)}"

    @property
    def select(self) -> str:
        """The query of the view."""
        chosen = ", ".join(
            f"{quoted(source)} as {quoted(column.name)}"
            for source, column in zip(self.sources, self.columns, strict=True)
        )
        return f"select {chosen} from {self.over.full_name}"


@dataclass(frozen=True)
class Contents:
    """All that one publish holds."""

    build_id: str
    tables: tuple[Table, ...]
    views: tuple[View, ...]


def quoted(name: str) -> str:
    """Return a name as SQL takes it, whatever letters it holds."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as SQL takes it."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    """Return texts with commas, as a list of SQL takes them."""
    return ", ".join(literal(text) for text in texts)
