"""What a published table consists of, as data; the code knows no benefit and no page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from openlsi.disclosure.adding import AddsTo, Name, RowSum, Strict
from openlsi.disclosure.funnels import Funnel
from openlsi.errors import LsiError

Edition = Literal["public", "county", "district"]


class DisclosureError(LsiError):
    """A table cannot be published as its file says, or a published table is unsafe."""


class _Column(Strict):
    name: Name


class Key(_Column):
    """Part of what identifies a row."""

    kind: Literal["key"]
    source: Name
    values: dict[str, str | int] | None = None


class Unless(Strict):
    """A wording that goes before the column's own where a true-or-false source holds."""

    source: Name
    text: str


class Label(_Column):
    """A word, a date or a flag that tells nothing about a person."""

    kind: Literal["label"]
    source: Name
    values: dict[str, str | int] | None = None
    unless: Unless | None = None
    counts: str | None = Field(
        default=None, description="What a number counts, such as districts: never people or pounds"
    )


class Official(_Column):
    """A figure that somebody else has published: passed on unchanged."""

    kind: Literal["official"]
    source: Name
    decimals: int | None = Field(
        default=None, ge=0, le=6, description="Only where the way here has turned it into a float"
    )


class Count(_Column):
    """People, households, accounts or rows about them: hidden when small, else rounded."""

    kind: Literal["count"]
    source: Name
    subset_of: Name | None = Field(
        default=None, description="A count that holds this one: hidden too if the rest is small"
    )
    repeats_over: list[Name] = Field(
        default=[], description="Keys over whose rows it is one figure told again"
    )


class ShownWith(Strict):
    """Another table's cell: where that is hidden, so is this."""

    table: Name
    column: Name
    match: dict[Name, Name] = Field(description="key there → column here")


class RunsUp(Strict):
    """A running total since the start of a year: one month of it could be worked out."""

    of: Name = Field(description="The column of the single months")
    from_month: int = Field(default=4, ge=1, le=12)
    over: Name = Field(default="month", description="The key that is a month")


class Pounds(_Column):
    """Money: shown only with its count, and if no single contributor exceeds half."""

    kind: Literal["pounds"]
    source: Name
    count: Name | None = None
    largest: Name | None = Field(default=None, description="Source column: largest contributor")
    gross: Name | None = Field(
        default=None, description="Source column: sum of sizes, where pounds can be negative"
    )
    shown_with: ShownWith | None = None
    runs_up: RunsUp | None = None

    @model_validator(mode="after")
    def _guarded(self) -> Pounds:
        if not self.count and not self.shown_with:
            raise ValueError(f"{self.name}: pounds need a count, or shown_with")
        return self


class Average(_Column):
    """Published pounds ÷ published count, to the pound, shown where rounding leaves it true.

    From exact figures it would tell the exact count: £675 each of £753,000 leaves three values.
    """

    kind: Literal["average"]
    pounds: Name
    count: Name


class Rate(_Column):
    """One published column ÷ another: never from a figure that is not itself published."""

    kind: Literal["rate"]
    numerator: Name
    denominator: Name
    decimals: int = Field(default=4, ge=0, le=6)


class BaseRow(Strict):
    """The row that an index is held against, in this table or another that has the same columns."""

    table: Name
    match: dict[Name, Name] = Field(description="key there → column here")


class Score(_Column):
    """Mean score of published counts ÷ that of the base row × 100, to one decimal.

    Never from exact counts, which an index to a decimal could tell.
    """

    kind: Literal["score"]
    weights: dict[Name, float] = Field(min_length=2, description="count → score of each in it")
    total: Name = Field(description="The count of all that have a score")
    base: BaseRow


class Change(_Column):
    """A published column less its own value some months before."""

    kind: Literal["change"]
    of: Name
    months: int = Field(gt=0)
    relative: bool = False
    over: Name = Field(default="month", description="The key that is a month")
    alike: Name | None = Field(
        default=None, description="Not available where this column differs between the two months"
    )


class Lookup(_Column):
    """A column of another published table, with its mark."""

    kind: Literal["lookup"]
    table: Name
    column: Name
    match: dict[Name, Name] = Field(description="key there → column here")
    only: dict[Name, str] = Field(default={}, description="key there → fixed value")


class Latest(_Column):
    """True on the rows of the newest month."""

    kind: Literal["latest"]
    of: Name


class Text(_Column):
    """Columns put into words, such as '{held} of {expected} districts'."""

    kind: Literal["text"]
    template: str


class Summary(_Column):
    """One figure about a whole published table: its rows, or a column's first or last value."""

    kind: Literal["summary"]
    table: Name
    column: Name
    function: Literal["min", "max", "count"]


Column = Annotated[
    Key
    | Label
    | Official
    | Count
    | Pounds
    | Average
    | Rate
    | Score
    | Change
    | Lookup
    | Latest
    | Text
    | Summary,
    Field(discriminator="kind"),
]


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
        for column in self.columns:
            if column.kind == "score":
                yield from (*column.weights, column.total, *column.base.match.values())
            if column.kind == "count":
                yield from column.repeats_over
            told = column.model_dump(
                include={"count", "subset_of", "pounds", "numerator", "denominator", "of", "alike"}
            )
            yield from (name for name in told.values() if name)
            if column.kind == "change":
                yield column.over
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


_MARKED = (Official, Count, Pounds, Average, Rate, Score, Change)

Specs = Mapping[str, TableSpec]


def is_marked(column: Any, specs: Specs) -> bool:
    """Say whether the published column has a `<name>_mark` beside it."""
    if isinstance(column, Lookup):
        return is_marked(specs[column.table].column(column.column), specs)
    return isinstance(column, _MARKED)
