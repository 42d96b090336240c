"""A published figure as configuration names it, held against the tables that there are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import get_close_matches

from pydantic import BaseModel, ConfigDict

from openlsi.disclosure.kinds import MARKED, Label, Lookup
from openlsi.disclosure.spec import Specs, TableSpec
from openlsi.disclosure.told import MONTH

# How a figure is printed, by the end of its column's name.
_FORMATS = {"_count": "num0", "_gbp": "gbp0", "_ratio": "pct1"}


class Strict(BaseModel):
    """A part of a file in which a misspelt word is a mistake."""

    # A misspelt word would take its default in silence.
    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(Strict):
    """One column of a published table, of the row that `where` names and of each month."""

    table: str
    column: str
    where: dict[str, str] = {}

    @property
    def filter_text(self) -> str:
        """The row's keys as text, alike for alike keys."""
        return json.dumps(self.where, sort_keys=True)

    @property
    def format(self) -> str:
        """The format that pages print it with."""
        return next((one for end, one in _FORMATS.items() if self.column.endswith(end)), "num1")


def figure_faults(figure: Figure, specs: Specs) -> Iterator[tuple[str, str]]:
    """Yield the part that is at fault, and what is wrong with it."""
    spec = specs.get(figure.table)
    if spec is None:
        yield "table", _unknown(f"no published table {figure.table}", figure.table, list(specs))
        return
    columns = [column.name for column in spec.columns if _is_figure(column, specs)]
    if figure.column not in columns:
        said = f"{figure.table} has no figure {figure.column}"
        yield "column", _unknown(said, figure.column, columns)
    keys = [name for name in spec.keys if name != MONTH]
    if sorted(figure.where) != sorted(keys):
        wanted = ", ".join(keys) if keys else "nothing: it has one row a month"
        yield "where", f"found {', '.join(figure.where) or 'nothing'}; expected {wanted}"


def _is_figure(column: object, specs: Specs) -> bool:
    if isinstance(column, Label):
        return bool(column.counts)
    if isinstance(column, Lookup):
        there: TableSpec = specs[column.table]
        return _is_figure(there.column(column.column), specs)
    return isinstance(column, MARKED)


def _unknown(said: str, asked: str, there: list[str]) -> str:
    near = get_close_matches(asked, there, n=1)
    return f"{said}; did you mean {near[0]}?" if near else f"{said}; there are {', '.join(there)}"
