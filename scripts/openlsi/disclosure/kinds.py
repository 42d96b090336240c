"""The kinds of columns that a published table may have, each as its file describes it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from openlsi.disclosure.adding import Name, Strict


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


class Difference(_Column):
    """A published column less another of the same row; relative, over that other."""

    kind: Literal["difference"]
    of: Name
    less: Name
    relative: bool = False
    where_same: tuple[Name, Name] | None = Field(
        default=None, description="Not available where these two columns differ"
    )


class Lookup(_Column):
    """A column of another published table, with its mark."""

    kind: Literal["lookup"]
    table: Name
    column: Name
    match: dict[Name, Name] = Field(description="key there → column here")
    only: dict[Name, str] = Field(default={}, description="key there → fixed value")


class Told(_Column):
    """The figure that the row names: a column of another published table, as shown there."""

    kind: Literal["told"]
    table: Name = Field(description="Column here that names the table")
    column: Name = Field(description="Column here that names its column")
    where: Name = Field(description="Column here: key there → value, as JSON")
    month: Name = Field(description="Column here: the month of the figure")
    months_before: int = Field(default=0, ge=0)


class ToldFrom(_Column):
    """Of how many districts a told figure is, in the words of its table; empty where it has none.

    Never a smaller total in silence (definition 30).
    """

    kind: Literal["told_from"]
    told: Name = Field(description="The told column here")


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
    | Difference
    | Lookup
    | Told
    | ToldFrom
    | Latest
    | Text
    | Summary,
    Field(discriminator="kind"),
]

# A column of these kinds has a `<name>_mark` beside it.
MARKED = (Official, Count, Pounds, Average, Rate, Score, Change, Difference, Told)
