"""How one vendor writes one feed: files, dialect, and which column is which. Data, never code."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, ValidationError, model_validator

from openlsi.config import ConfigurationError
from openlsi.config.county import configuration_files, read_yaml
from openlsi.extract.layout_files import (
    FileLayout,
    HeaderLine,
    LineLayout,
    Strict,
    TrailerLine,
)
from openlsi.extract.layout_mapping import Booleans, MoneyForm, RecordMapping, Summed
from openlsi.extract.records import FeedDefinition
from openlsi.home import Home


class Layout(Strict):
    """One vendor's way of sending one feed."""

    layout: str
    feed: str
    title: str
    mode: Literal["snapshot", "history"] = "snapshot"
    covers_months: int = Field(
        default=1, ge=1, le=60, description="months that a file of a history restates, its own last"
    )
    format: Literal["delimited", "tagged", "workbook"]
    encoding: Literal["utf-8", "cp1252", "utf-16"] = "utf-8"
    delimiter: str = ","
    quote: str | None = None
    has_line_breaks_in_values: bool = False
    ends_with_line_end: bool = True
    trim: bool = False
    nulls: list[str] = Field(default=[""])
    money: MoneyForm = "plain"
    booleans: Booleans | None = None
    files: dict[str, FileLayout]
    header: HeaderLine | None = None
    trailer: TrailerLine | None = None
    lines: dict[str, LineLayout] = Field(default={})
    summed: dict[str, Summed] = Field(default={})
    records: dict[str, RecordMapping]

    @model_validator(mode="after")
    def _agree(self) -> Layout:
        if (self.format == "tagged") != bool(self.lines):
            raise ValueError("`lines` goes with format: tagged, and only with it")
        if self.format == "tagged" and len(self.files) != 1:
            raise ValueError("a tagged layout has exactly one file")
        if self.format != "tagged" and (self.header or self.trailer):
            raise ValueError("header and trailer lines go with format: tagged")
        if any(file.row_types for file in self.files.values()) and self.format != "delimited":
            raise ValueError("row_types goes with format: delimited, and only with it")
        self._check_summed()
        for name, record in self.records.items():
            self._check_record(name, record)
            if (self.mode == "history") != (record.history is not None):
                raise ValueError(f"{name}: `history` goes with mode: history, in every record")
        if (self.mode == "history") != (self.covers_months > 1):
            raise ValueError("covers_months of 2 or more goes with mode: history")
        return self

    def _check_summed(self) -> None:
        read = self.read_tables
        for name, summed in self.summed.items():
            if name in read:
                raise ValueError(f"summed: {name} is a table already")
            if summed.driving not in read:
                raise ValueError(f"summed {name}: no table {summed.driving}")
            unknown = sorted(set(summed.sources) - set(read[summed.driving]))
            if unknown:
                raise ValueError(f"summed {name}: no column {', '.join(unknown)}")

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
    def read_tables(self) -> dict[str, list[str]]:
        """The tables that the files hold, each with its columns."""
        if self.format == "tagged":
            return {name: line.columns for name, line in self.lines.items()}
        tables: dict[str, list[str]] = {}
        for name, file in self.files.items():
            if file.row_types is None:
                tables[name] = file.all_columns
                continue
            for table in file.row_types.tables:
                tables[table] = file.row_types.columns_of(table, file.all_columns)
        return tables

    @property
    def tables(self) -> dict[str, list[str]]:
        """Every table that a record may be made of: those of the files, and those added up."""
        return self.read_tables | {name: one.columns for name, one in self.summed.items()}

    def tables_of(self, file: str) -> set[str]:
        """Return the tables that a file holds, and those added up from them."""
        kinds = self.files[file].row_types
        own = set(kinds.tables) if kinds else set(self.lines) or {file}
        return own | {name for name, one in self.summed.items() if one.driving in own}

    @property
    def every_column(self) -> set[str]:
        """Every column name of any file, for the check that a header has none of them twice."""
        return {name for file in self.files.values() for name in file.all_columns}

    def used_columns(self, table: str) -> list[str]:
        """Return the columns of a table that anything is made of, in the order of the layout."""
        used = {column for one in self.summed.values() if one.driving == table
                for column in one.sources}  # fmt: skip
        for record in self.records.values():
            aliases = {record.driving: record.driving}
            aliases |= {lookup.alias: lookup.table for lookup in record.lookups}
            for source in _sources(record):
                for block in record.blocks or [""]:
                    alias, column = split_source(source.replace("{block}", block), record)
                    if aliases[alias] == table:
                        used.add(column)
        return [column for column in self.tables[table] if column in used]


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
    needed = {name for name, record in definition.records.items() if not record.is_optional}
    differing = (needed - set(layout.records)) | (set(layout.records) - set(definition.records))
    if differing:
        raise ValueError(f"records differ from the feed's: {', '.join(sorted(differing))}")
    _check_empty_files(layout, definition)
    for name, record in definition.records.items():
        if name not in layout.records:
            continue
        mapping = layout.records[name].columns
        unmapped = sorted(set(record.mapped) - set(mapping))
        unknown = sorted(set(mapping) - set(record.mapped))
        required = [field for field in unmapped if record.mapped[field].required]
        if required or unknown:
            raise ValueError(
                f"{name}: not mapped {', '.join(required) or 'none'};"
                f" unknown {', '.join(unknown) or 'none'}"
            )


def _check_empty_files(layout: Layout, definition: FeedDefinition) -> None:
    """Raise ValueError if a file may be empty of which something is made that every month has."""
    for file in (name for name, one in layout.files.items() if one.may_be_empty):
        own = layout.tables_of(file)
        for name, record in layout.records.items():
            needed = {one.table for one in record.lookups if one.required}
            if record.driving in own and not definition.records[name].may_be_none:
                raise ValueError(f"{file}: may_be_empty, but every month has rows of {name}")
            if needed & own:
                raise ValueError(f"{file}: may_be_empty, but {name} needs a row of it")


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
