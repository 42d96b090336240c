"""What a published table consists of, as data; the code knows no benefit and no page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from openlsi.disclosure.adding import AddsTo, Name, RowSum, Strict
from openlsi.disclosure.effects import Effect
from openlsi.disclosure.funnels import Funnel
from openlsi.disclosure.kinds import MARKED, Column, Lookup
from openlsi.errors import LsiError

Edition = Literal["public", "county", "district"]


class DisclosureError(LsiError):
    """A table cannot be published as its file says, or a published table is unsafe."""


class Position(Strict):
    """Rank, quartile and quartile lines of a column among the rows alike in `within`."""

    prefix: Name
    value: Name
    within: list[Name]
    only: Name | None = Field(default=None, description="A true-or-false column: these rows alone")
    descending: bool = True


class TableSpec(Strict):
    """One published table."""

    table: Name
    title: str
    note: str
    source: Name = Field(description="Table of schema `metrics`, or `run_parameters`")
    status: Literal["official", "controlled", "information"]
    editions: list[Edition] = Field(default=["public", "county", "district"])
    owner: Name | None = Field(default=None, description="Key column of whoever owns the row")
    where: Name | None = Field(default=None, description="True-or-false source column")
    present: Name | None = Field(default=None, description="Source column that must not be empty")
    applies: Name | None = Field(
        default=None,
        description="True-or-false source column: where it is false, figures cannot apply [z]",
    )
    order: list[Name]
    columns: list[Column]
    adds_to: list[AddsTo] = Field(default=[])
    row_sums: list[RowSum] = Field(default=[])
    positions: list[Position] = Field(default=[])
    funnels: list[Funnel] = Field(default=[])
    effects: list[Effect] = Field(default=[])

    @model_validator(mode="after")
    def _agree(self) -> TableSpec:
        names = [column.name for column in self.columns]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"columns named twice: {', '.join(twice)}")
        missing = sorted(set(self._mentioned()) - set(names))
        if missing:
            raise ValueError(f"columns mentioned but not there: {', '.join(missing)}")
        guarded = [column.name for column in self.columns if column.kind in ("count", "pounds")]
        if guarded and self.status != "controlled":
            # The audit leaves other tables alone, so nothing there may need it.
            raise ValueError(f"{', '.join(guarded)}: status must be controlled")
        return self

    def _mentioned(self) -> Iterable[str]:
        yield from self.order
        for addition in self.adds_to:
            yield from addition.match.values()
            yield from addition.pairs
            yield from addition.only
            if addition.through:
                yield from addition.through.part.values()
        for row_sum in self.row_sums:
            yield from (row_sum.total, *row_sum.parts)
        for position in self.positions:
            yield from (position.value, *position.within)
            if position.only:
                yield position.only
        for funnel in self.funnels:
            yield from (funnel.numerator, funnel.denominator, *funnel.within)
        for effect in self.effects:
            yield from effect.reads
        for column in self.columns:
            if column.kind == "score":
                yield from (*column.weights, column.total, *column.base.match.values())
            if column.kind == "count":
                yield from column.repeats_over
            told = column.model_dump(
                include={
                    "count",
                    "subset_of",
                    "pounds",
                    "numerator",
                    "denominator",
                    "of",
                    "less",
                    "alike",
                }
            )
            yield from (name for name in told.values() if name)
            if column.kind == "change":
                yield column.over
            if column.kind == "told":
                yield from (column.table, column.column, column.where, column.month)
            if column.kind == "told_from":
                yield column.told
            if column.kind == "difference":
                yield from column.where_same or ()
            if column.kind == "lookup":
                yield from column.match.values()
            if column.kind == "pounds" and column.shown_with:
                yield from column.shown_with.match.values()
            if column.kind == "pounds" and column.runs_up:
                yield from (column.runs_up.of, column.runs_up.over)

    def column(self, name: str) -> Any:
        """Return the column of this name; KeyError if there is none."""
        return {column.name: column for column in self.columns}[name]

    @property
    def keys(self) -> list[str]:
        """The names of the key columns."""
        return [column.name for column in self.columns if column.kind == "key"]


Specs = Mapping[str, TableSpec]


def is_marked(column: Any, specs: Specs) -> bool:
    """Say whether the published column has a `<name>_mark` beside it."""
    if isinstance(column, Lookup):
        return is_marked(specs[column.table].column(column.column), specs)
    return isinstance(column, MARKED)
