"""How one vendor writes one feed: files, dialect, and which column is which. Data, never code."""

from __future__ import annotations

from typing import Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from openlsi.config import ConfigurationError
from openlsi.config.county import configuration_files, read_yaml
from openlsi.extract.patterns import check_pattern
from openlsi.extract.records import FeedDefinition
from openlsi.home import Home

HeaderField = Literal["district_code", "district_slug", "district_name", "yyyymm", "yyyy-mm",
                      "produced_at", "ignored"]  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BlockColumns(_Strict):
    """Columns that a wide file repeats, once a block: `{block} Balance` for CY, PY1, …."""

    blocks: list[str]
    columns: list[str]

    def names(self) -> list[str]:
        """Return the column names as they stand in the file."""
        return [c.replace("{block}", block) for block in self.blocks for c in self.columns]


class FileLayout(_Strict):
    """One file of a delivery."""

    pattern: str
    columns: list[str] = []
    block_columns: BlockColumns | None = None
    title_lines: int = Field(default=0, description="lines above the header of a delimited file")
    sheet: str | None = None
    header_row: int = 1

    @model_validator(mode="after")
    def _agree(self) -> FileLayout:
        check_pattern(self.pattern)
        return self

    @property
    def all_columns(self) -> list[str]:
        """Every column the file must have."""
        return self.columns + (self.block_columns.names() if self.block_columns else [])


class LineLayout(_Strict):
    """One kind of tagged line; the tag itself is not among the columns."""

    tag: str
    columns: list[str]


class HeaderLine(_Strict):
    """The first line of a tagged file, which says whose and when."""

    tag: str
    fields: list[HeaderField]


class TrailerField(_Strict):
    """One total of a trailer: lines of a kind, or pounds of the feed's control column."""

    count: str | None = None
    sum: str | None = None

    @model_validator(mode="after")
    def _one(self) -> TrailerField:
        if (self.count is None) == (self.sum is None):
            raise ValueError("a trailer field says either count or sum")
        return self


class TrailerLine(_Strict):
    """The last line of a tagged file, with the totals the file is checked against."""

    tag: str
    fields: list[TrailerField]


class Split(_Strict):
    """A part of a column: what stands before or after the first separator."""

    at: str = Field(min_length=1)
    take: Literal["before", "after"]


class Booleans(_Strict):
    """Which values mean yes and which mean no."""

    is_true: list[str]
    is_false: list[str]


class Mapping(_Strict):
    """Where one canonical column comes from, and how it is written there."""

    source: str | None = None
    sources: list[str] = Field(default=[], description="several columns read as one, by comma")
    constant: str | None = None
    split: Split | None = None
    prefix: str | None = Field(default=None, description="words before the code, dropped")
    nulls: list[str] | None = None
    date_format: Literal["%Y-%m-%d", "%d/%m/%Y", "%Y%m%d"] | None = None
    year_format: Literal["start_year", "slash", "dash"] | None = None
    money: Literal["plain", "currency", "pence"] | None = None
    codes: dict[str, str] | None = None
    booleans: Booleans | None = None
    flag: str | None = Field(default=None, description="true if this mark is in a list of marks")
    flags: list[str] = Field(default=[], description="every mark that may stand in the list")
    flag_separator: str = ";"
    position: int | None = Field(default=None, ge=1, description="one character of a fixed width")
    width: int | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Mapping:
        given = [self.source is not None, bool(self.sources), self.constant is not None]
        if sum(given) != 1:
            raise ValueError("say exactly one of source, sources, constant")
        if self.flag is not None and self.flag not in self.flags:
            raise ValueError(f"flag {self.flag} is not among flags")
        if (self.position is None) != (self.width is None):
            raise ValueError("position needs width, and width needs position")
        return self


class Lookup(_Strict):
    """A left join to another table of the set; at most one row of it may match."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    table: str
    name: str | None = Field(default=None, alias="as")
    match: dict[str, str] = Field(description="column of that table → column already at hand")
    where: dict[str, str] = {}
    required: bool = True
    column: str | None = Field(default=None, description="landing column missed without it")

    @property
    def alias(self) -> str:
        """The name its columns go by."""
        return self.name or self.table


class RecordMapping(_Strict):
    """One canonical record out of this vendor's tables."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    driving: str = Field(alias="from", description="the table that gives one row a record")
    lookups: list[Lookup] = []
    blocks: list[str] = []
    block_present: str | None = None
    columns: dict[str, Mapping]

    @model_validator(mode="after")
    def _agree(self) -> RecordMapping:
        if bool(self.blocks) != (self.block_present is not None):
            raise ValueError("blocks needs block_present, and the other way round")
        return self


class Layout(_Strict):
    """One vendor's way of sending one feed."""

    layout: str
    feed: str
    title: str
    mode: Literal["snapshot"] = "snapshot"
    format: Literal["delimited", "tagged", "workbook"]
    encoding: Literal["utf-8", "cp1252", "utf-16"] = "utf-8"
    delimiter: str = ","
    quote: str | None = None
    has_line_breaks_in_values: bool = False
    ends_with_line_end: bool = True
    trim: bool = False
    nulls: list[str] = [""]
    money: Literal["plain", "currency", "pence"] = "plain"
    booleans: Booleans | None = None
    files: dict[str, FileLayout]
    header: HeaderLine | None = None
    trailer: TrailerLine | None = None
    lines: dict[str, LineLayout] = {}
    records: dict[str, RecordMapping]

    @field_validator("mode", mode="before")
    @classmethod
    def _one_month_a_file(cls, mode: object) -> object:
        # A file that restates earlier months would replace only its own: pounds would go wrong
        # without a word.
        if mode != "snapshot":
            raise ValueError(
                f"found {mode}; expected snapshot, for a file replaces its own month and no other:"
                " ask the sender for one file a month and say mode: snapshot"
            )
        return mode

    @model_validator(mode="after")
    def _agree(self) -> Layout:
        if (self.format == "tagged") != bool(self.lines):
            raise ValueError("`lines` goes with format: tagged, and only with it")
        if self.format == "tagged" and len(self.files) != 1:
            raise ValueError("a tagged layout has exactly one file")
        if self.format != "tagged" and (self.header or self.trailer):
            raise ValueError("header and trailer lines go with format: tagged")
        for name, record in self.records.items():
            self._check_record(name, record)
        return self

    def _check_record(self, name: str, record: RecordMapping) -> None:
        tables = self.tables
        columns: dict[str, list[str]] = {}
        aliases = {record.driving: record.driving}
        aliases |= {lookup.alias: lookup.table for lookup in record.lookups}
        for alias, table in aliases.items():
            if table not in tables:
                raise ValueError(f"{name}: no table {table}; there are {', '.join(tables)}")
            columns[alias] = tables[table]
        for source in _sources(record):
            for block in record.blocks or [""]:
                alias, column = split_source(source.replace("{block}", block), record)
                if column not in columns.get(alias, []):
                    raise ValueError(f"{name}: no column {column} in {alias}")

    @property
    def tables(self) -> dict[str, list[str]]:
        """The tables that the files hold, each with its columns."""
        if self.format == "tagged":
            return {name: line.columns for name, line in self.lines.items()}
        return {name: file.all_columns for name, file in self.files.items()}


def split_source(source: str, record: RecordMapping) -> tuple[str, str]:
    """Return the table alias and the column that a source names; the driving table by default."""
    alias, dot, column = source.partition(".")
    if dot and alias in {lookup.alias for lookup in record.lookups}:
        return alias, column
    return record.driving, source


def _sources(record: RecordMapping) -> list[str]:
    found = [record.block_present] if record.block_present else []
    for mapping in record.columns.values():
        found += [mapping.source] if mapping.source else mapping.sources
    for lookup in record.lookups:
        found += list(lookup.match.values())
        found += [f"{lookup.alias}.{column}" for column in [*lookup.match, *lookup.where]]
    return found


def check_against(layout: Layout, definition: FeedDefinition) -> None:
    """Raise ValueError unless the layout maps every canonical column, and nothing else."""
    missing_records = set(definition.records) ^ set(layout.records)
    if missing_records:
        raise ValueError(f"records differ from the feed's: {', '.join(sorted(missing_records))}")
    for name, record in definition.records.items():
        mapping = layout.records[name].columns
        unmapped = sorted(set(record.mapped) - set(mapping))
        unknown = sorted(set(mapping) - set(record.mapped))
        required = [field for field in unmapped if record.mapped[field].required]
        if required or unknown:
            raise ValueError(
                f"{name}: not mapped {', '.join(required) or 'none'};"
                f" unknown {', '.join(unknown) or 'none'}"
            )


def load_layouts(home: Home, definitions: dict[str, FeedDefinition]) -> dict[str, Layout]:
    """Return every layout by name, each checked against the records of its feed."""
    layouts = {}
    for path in configuration_files(home, "layouts"):
        try:
            layout = Layout.model_validate(read_yaml(path))
            if layout.feed not in definitions:
                raise ConfigurationError(f"{path}: feed {layout.feed} has no record definitions")
            check_against(layout, definitions[layout.feed])
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the file"
            said = first["msg"].removeprefix("Value error, ")
            raise ConfigurationError(f"{path}: {where}: {said}") from None
        except ValueError as error:
            raise ConfigurationError(f"{path}: {error}") from None
        layouts[layout.layout] = layout
    return layouts
