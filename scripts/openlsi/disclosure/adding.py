"""What of a published table adds up to what, as data: all that a reader could add up himself."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Strict(BaseModel):
    """A part of a file in which a field that nobody knows is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Through(Strict):
    """A table of schema `seeds` that says which places make up a larger one, such as a council.

    `part` leads from its column to the column here, `whole` from the key there to its column.
    """

    table: Name
    part: dict[Name, Name] = Field(min_length=1)
    whole: dict[Name, Name] = Field(min_length=1)


class AddsTo(Strict):
    """Rows of this table add up to one row of another: a lone hidden part could be worked out."""

    table: Name
    match: dict[Name, Name] = Field(description="key there → column here")
    columns: list[Name] | dict[Name, Name] = Field(description="Columns, or column here → there")
    only: dict[Name, str] = Field(default={}, description="column here → value: these rows alone")
    only_there: dict[Name, str] = Field(default={}, description="key there → fixed value")
    months_before: int = Field(
        default=0, ge=0, description="The row there is so many months before the rows here"
    )
    over: Name = Field(default="month", description="The key there that is a month")
    through: Through | None = None
    roughly: bool = Field(
        default=False,
        description="A few rows count in one of the two alone: a lone part still shows",
    )

    again: bool = Field(
        default=False,
        description="Each row here by itself is the row there once more, not a part of it",
    )
    within: bool = Field(
        default=False, description="Counts: whoever counts here counts there, and others with them"
    )

    @property
    def pairs(self) -> dict[str, str]:
        """Column here → the column there that it adds up to."""
        if isinstance(self.columns, dict):
            return dict(self.columns)
        return {name: name for name in self.columns}

    @property
    def keys_there(self) -> list[str]:
        """The columns there that are matched on, in one order."""
        reached = self.through.whole if self.through else {}
        return [*self.match, *self.only_there, *reached]


class RowSum(Strict):
    """Columns of one row that add up: a lone hidden one could be worked out from the others."""

    total: Name
    parts: list[Name] = Field(min_length=2)
