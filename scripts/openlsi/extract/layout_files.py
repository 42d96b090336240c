"""How the files of one vendor are cut up: names, columns, tagged lines, rows of several kinds."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from openlsi.extract.patterns import check_pattern

HeaderField = Literal["district_code", "district_slug", "district_name", "yyyymm", "yyyy-mm",
                      "produced_at", "ignored"]  # fmt: skip
# The physical row of a row, as text, and that of the row it hangs below.
ROW_ID, PARENT_ROW_ID = "row_id", "parent_row_id"


class Strict(BaseModel):
    """A part of a layout; a word that means nothing here is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class BlockColumns(Strict):
    """Columns that a wide file repeats, once a block: `{block} Balance` for CY, PY1, …."""

    blocks: list[str]
    columns: list[str]

    def names(self) -> list[str]:
        """Return the column names as they stand in the file."""
        return [c.replace("{block}", block) for block in self.blocks for c in self.columns]


class RowTypes(Strict):
    """Rows of several kinds under one header, told by the value of the first column."""

    column: str
    tables: dict[str, list[str]] = Field(description="table → the values that its rows begin with")
    ignored: list[str] = Field(default=[], description="kinds of rows that are not taken")
    total: str | None = Field(
        default=None, description="kind of the last row, whose second field counts the others"
    )
    children: dict[str, str] = Field(
        default={}, description="table → the table whose row it follows and belongs to"
    )

    @model_validator(mode="after")
    def _agree(self) -> RowTypes:
        values = [*self.ignored, *(value for own in self.tables.values() for value in own)]
        values += [self.total] if self.total else []
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise ValueError(f"row types: {', '.join(twice)} stands for two kinds of rows")
        unknown = sorted({*self.children, *self.children.values()} - set(self.tables))
        if unknown:
            raise ValueError(f"row types: children names unknown tables {', '.join(unknown)}")
        return self

    def columns_of(self, table: str, columns: list[str]) -> list[str]:
        """Return the columns of one of the tables, given those of the file."""
        return [*columns, ROW_ID, *([PARENT_ROW_ID] if table in self.children else [])]


class FileLayout(Strict):
    """One file of a delivery."""

    pattern: str
    columns: list[str] = []
    block_columns: BlockColumns | None = None
    optional_columns: list[str] = Field(
        default=[], description="columns that older files lack; their values are then empty"
    )
    also_called: dict[str, list[str]] = Field(
        default={}, description="column → other names that it has had in headers"
    )
    row_types: RowTypes | None = None
    may_be_empty: bool = Field(
        default=False,
        description="a month may have no rows of this file; only where its records may be none",
    )
    title_lines: int = Field(default=0, description="lines above the header of a delimited file")
    sheet: str | None = None
    header_row: int = 1

    @model_validator(mode="after")
    def _agree(self) -> FileLayout:
        check_pattern(self.pattern)
        known = [*self.all_columns, *(name for own in self.also_called.values() for name in own)]
        twice = sorted({name for name in known if known.count(name) > 1})
        if twice:
            raise ValueError(f"column {', '.join(twice)} is listed twice")
        unknown = sorted(set(self.also_called) - set(self.all_columns))
        if unknown:
            raise ValueError(f"also_called: no column {', '.join(unknown)}")
        if self.row_types and self.columns[:1] != [self.row_types.column]:
            raise ValueError("the column that tells rows apart must be the first")
        return self

    @property
    def required_columns(self) -> list[str]:
        """Every column that each file must have."""
        return self.columns + (self.block_columns.names() if self.block_columns else [])

    @property
    def all_columns(self) -> list[str]:
        """Every column that the layout knows."""
        return self.required_columns + self.optional_columns

    def canonical(self, name: str) -> str:
        """Return the layout's name of a header's column."""
        for column, others in self.also_called.items():
            if name in others:
                return column
        return name


class LineLayout(Strict):
    """One kind of tagged line; the tag itself is not among the columns."""

    tag: str
    columns: list[str]


class HeaderLine(Strict):
    """The first line of a tagged file, which says whose and when."""

    tag: str
    fields: list[HeaderField]


class TrailerField(Strict):
    """One total of a trailer: lines of a kind, or pounds of the feed's control column."""

    count: str | None = None
    sum: str | None = None

    @model_validator(mode="after")
    def _one(self) -> TrailerField:
        if (self.count is None) == (self.sum is None):
            raise ValueError("a trailer field says either count or sum")
        return self


class TrailerLine(Strict):
    """The last line of a tagged file, with the totals the file is checked against."""

    tag: str
    fields: list[TrailerField]
