"""Which column of a vendor's tables is which canonical column, and how it is written there."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from openlsi.extract.layout_files import Strict

DateFormat = Literal["%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%Y-%m-%d %H:%M:%S", "%d-%b-%Y", "%d.%m.%Y"]
MoneyForm = Literal["plain", "currency", "pence"]


class Split(Strict):
    """A part of a column: what stands before or after the first separator."""

    at: str = Field(min_length=1)
    take: Literal["before", "after"]


class Booleans(Strict):
    """Which values mean yes and which mean no."""

    is_true: list[str]
    is_false: list[str]


class Mapping(Strict):
    """Where one canonical column comes from, and how it is written there."""

    source: str | None = None
    sources: list[str] = Field(default=[], description="several columns read as one, by comma")
    constant: str | None = Field(default=None, description="one text; `{block}` is the block's")
    found: str | None = Field(default=None, description="true if this look-up found a row")
    split: Split | None = None
    length: int | None = Field(
        default=None, ge=1, description="characters of a reference, its leading zeros among them"
    )
    prefix: str | None = Field(default=None, description="words before the code, dropped")
    nulls: list[str] | None = None
    default: str | None = Field(default=None, description="text read where the source is missing")
    date_format: DateFormat | None = None
    year_format: Literal["start_year", "slash", "dash"] | None = None
    money: MoneyForm | None = None
    is_negated: bool = Field(default=False, description="money with the sign the other way round")
    codes: dict[str, str] | None = None
    booleans: Booleans | None = None
    flag: str | None = Field(default=None, description="true if this mark is in a list of marks")
    flags: list[str] = Field(default=[], description="every mark that may stand in the list")
    flag_separator: str = ";"
    position: int | None = Field(default=None, ge=1, description="one character of a fixed width")
    width: int | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Mapping:
        given = [bool(self.sources), *(
            one is not None for one in (self.source, self.constant, self.found)
        )]  # fmt: skip
        if sum(given) != 1:
            raise ValueError("say exactly one of source, sources, constant, found")
        if self.flag is not None and self.flag not in self.flags:
            raise ValueError(f"flag {self.flag} is not among flags")
        if (self.position is None) != (self.width is None):
            raise ValueError("position needs width, and width needs position")
        return self


class Lookup(Strict):
    """A left join to another table of the set; at most one row of it may match."""

    table: str
    name: str | None = Field(default=None, alias="as")
    match: dict[str, str] = Field(description="column of that table → column already at hand")
    where: dict[str, str] = Field(default={})
    required: bool = True
    column: str | None = Field(default=None, description="landing column missed without it")

    @property
    def alias(self) -> str:
        """The name its columns go by."""
        return self.name or self.table


class HistoryColumns(Strict):
    """The canonical dates between which a row of a history holds."""

    first: str = Field(alias="from")
    last: str = Field(alias="to")


class RecordMapping(Strict):
    """One canonical record out of this vendor's tables."""

    driving: str = Field(alias="from", description="the table that gives one row a record")
    lookups: list[Lookup] = Field(default=[])
    blocks: list[str] = Field(default=[])
    block_present: str | None = None
    block_absent: list[str] = Field(default=[""], description="values that mean: no such block")
    history: HistoryColumns | None = None
    columns: dict[str, Mapping]

    @model_validator(mode="after")
    def _agree(self) -> RecordMapping:
        if bool(self.blocks) != (self.block_present is not None):
            raise ValueError("blocks needs block_present, and the other way round")
        aliases = {lookup.alias for lookup in self.lookups}
        unknown = {m.found for m in self.columns.values() if m.found is not None} - aliases
        if unknown:
            raise ValueError(f"found names no look-up: {', '.join(sorted(unknown))}")
        return self


class Summed(Strict):
    """A table made of another one: its rows added up by key, to be read like any table."""

    driving: str = Field(alias="from")
    by: list[str]
    years: dict[str, str] = Field(
        default={}, description="key → column of ISO dates: the financial year each falls in"
    )
    sums: list[str] = Field(default=[], alias="sum")
    count: str | None = Field(default=None, description="column for the number of rows")
    last: dict[str, str] = Field(
        default={}, description="column → the column of dates whose latest row gives it"
    )

    @model_validator(mode="after")
    def _agree(self) -> Summed:
        unknown = sorted(set(self.years) - set(self.by))
        if unknown:
            raise ValueError(f"years names {', '.join(unknown)}, which is not among `by`")
        return self

    @property
    def columns(self) -> list[str]:
        """The columns of the table that comes of it."""
        return [*self.by, *self.sums, *([self.count] if self.count else []), *self.last]

    @property
    def sources(self) -> list[str]:
        """The columns that it reads."""
        plain = [name for name in self.by if name not in self.years]
        dated = [name for pair in self.last.items() for name in pair]
        return [*plain, *self.years.values(), *self.sums, *dated]
