"""A modelled proposal through disclosure control: the only figures that an annex may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from openlsi.config.county import configuration_files
from openlsi.disclosure.publishing import publish_specs
from openlsi.disclosure.reading import load_specs
from openlsi.disclosure.spec import TableSpec
from openlsi.home import Home
from openlsi.proposals.figures import CUTS
from openlsi.proposals.model import Modelled, Row, rows_of

_GROUP, _CLASS = "scheme_group", "scheme_class"


@dataclass(frozen=True)
class Cell:
    """A published figure, or the mark that stands in its place."""

    value: float | None
    mark: str | None


@dataclass(frozen=True)
class Published:
    """Published tables by name, each a list of rows."""

    tables: Mapping[str, list[Row]]

    def rows(self, table: str, option: str | None = None) -> list[Row]:
        """Return the rows of a table, of one option if named."""
        rows = self.tables.get(table, [])
        return [row for row in rows if option is None or row["option_key"] == option]


def cell(row: Mapping[str, Any], column: str) -> Cell:
    """Return a figure with its mark."""
    return Cell(row[column], row[f"{column}_mark"])


def publish(connection: duckdb.DuckDBPyConnection, modelled: Modelled, home: Home) -> Published:
    """Make schema `published` of the tables that `model_in` left, under the public edition's rules.

    Raises DisclosureError where an attack on the result finds a figure that it must not.
    """
    specs = _specs(home, modelled.classes is not None)
    parameters: dict[str, str | bool | date] = {
        "build_id": modelled.build_id,
        "is_demo": modelled.is_demo,
    }
    tables = publish_specs(connection, specs, "public", parameters)
    return Published(
        {table.name: rows_of(connection, f'from published."{table.name}"') for table in tables}
    )


def _specs(home: Home, has_classes: bool) -> dict[str, TableSpec]:
    """Read what is published, and describe the group table once for each trait."""
    read = load_specs(configuration_files(home, "annex"))
    group = read.pop(_GROUP)
    if not has_classes:
        del read[_CLASS]
    for cut in CUTS:
        name = f"{_GROUP}_{cut}"
        read[name] = group.model_copy(update={"table": name, "where": f"is_{cut}"})
    return read
