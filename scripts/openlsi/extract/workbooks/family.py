"""What a family of workbooks looks like: its forms, and the years published in each form."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from openlsi.config import ConfigurationError
from openlsi.config.county import read_yaml

ENGLAND_CODE = "E92000001"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(_Strict):
    """Words that stand alone in their row of a sheet, by which a form is known."""

    sheet: str
    text: str


class HeadingRows(_Strict):
    """Where headings stand, counted from the row that holds the headings of the code columns."""

    group: int = 0
    detail: int | None = None


class Measure(_Strict):
    """One published figure: its landing column, and every heading it has been printed under."""

    column: str
    type: Literal["money", "number", "whole"]
    headings: list[str] = Field(min_length=1)
    labels: dict[str, str] = {}
    across: bool = Field(default=False, description="Printed once for each value of `across`")
    without: list[str] = Field(
        default=[], description="Values of `across` that it is not printed for"
    )
    occurrence: Literal["only", "last"] = "only"
    optional: bool = False

    @property
    def arrow_type(self) -> pa.DataType:
        """Four decimals of a pound and six of a number: more than any workbook prints."""
        kinds = {"money": pa.decimal128(18, 4), "number": pa.decimal128(18, 6)}
        return kinds.get(self.type, pa.int64())


class Across(_Strict):
    """A breakdown that is printed across the page, such as council tax band."""

    column: str
    values: dict[str, list[str]]


class RecordLayout(_Strict):
    """One record of a form: a sheet, its code columns and its measures."""

    sheets: list[str] = Field(min_length=1)
    heading_rows: HeadingRows
    codes: dict[str, list[str]]
    optional_codes: dict[str, list[str]] = {}
    stop_at: str | None = None
    england: list[str]
    aggregates: list[str] = []
    across: Across | None = None
    measures: list[Measure] = Field(min_length=1)
    control_column: str

    @model_validator(mode="after")
    def _agree(self) -> RecordLayout:
        for name in ("mhclg_code", "authority_name"):
            if name not in self.codes:
                raise ValueError(f"codes must name {name}")
        if any(measure.across for measure in self.measures) and self.across is None:
            raise ValueError("a measure is printed across, but `across` is missing")
        if self.control_column not in {measure.column for measure in self.measures}:
            raise ValueError(f"control_column {self.control_column} is not a measure")
        return self

    def table_schema(self) -> pa.Schema:
        """Return the columns of the record's table, in order."""
        text = ["authority_code", *self.codes, *self.optional_codes, "financial_year"]
        text += [self.across.column] if self.across else []
        text += [label for measure in self.measures for label in measure.labels]
        fields = {"source_row": pa.int64()} | dict.fromkeys(text, pa.string())
        fields |= {measure.column: measure.arrow_type for measure in self.measures}
        return pa.schema([*fields.items(), ("mark", pa.string())])


class Form(_Strict):
    """One arrangement of sheets; several years may share it."""

    titles: list[Title] = Field(min_length=1)
    marks: dict[str, str] = Field(description="text printed in place of a figure → mark")
    records: dict[str, RecordLayout]


class Edition(_Strict):
    """One published year: the lines that a further year adds."""

    financial_year: str = Field(pattern=r"^\d{4}-\d{2}$")
    form: str
    authorities: int = Field(gt=0, description="Billing authorities in England that year")
    hidden_rows: Literal["refuse", "read"] = "refuse"


class WorkbookFamily(_Strict):
    """A series of workbooks, one published each year."""

    family: str
    title: str
    publisher: str
    licence: str
    feed: str
    forms: dict[str, Form]
    editions: list[Edition]

    def schemas(self) -> dict[str, pa.Schema]:
        """Return each record's columns in landing: those of every form, so that years stack."""
        schemas: dict[str, pa.Schema] = {}
        for form in self.forms.values():
            for name, record in form.records.items():
                known = schemas.get(name, pa.schema([]))
                schemas[name] = pa.unify_schemas([known, record.table_schema()])
        return schemas

    @model_validator(mode="after")
    def _agree(self) -> WorkbookFamily:
        for edition in self.editions:
            if edition.form not in self.forms:
                raise ValueError(f"{edition.financial_year} names the unknown form {edition.form}")
        years = [edition.financial_year for edition in self.editions]
        twice = sorted({year for year in years if years.count(year) > 1})
        if twice:
            raise ValueError(f"listed twice in editions: {', '.join(twice)}")
        return self


@dataclass(frozen=True)
class WorkbookLayout:
    """How to read one workbook: the family, the year that it is, and the form of that year."""

    family: WorkbookFamily
    edition: Edition
    source: Path

    @property
    def feed(self) -> str:
        """The feed under which the records land."""
        return self.family.feed

    @property
    def name(self) -> str:
        """A name for the ledger, such as `council_taxbase/accessible`."""
        return f"{self.family.family}/{self.edition.form}"

    @property
    def form(self) -> Form:
        """The arrangement of sheets."""
        return self.family.forms[self.edition.form]

    @property
    def financial_year(self) -> str:
        """The year that the figures are for, such as `2022-23`."""
        return self.edition.financial_year

    @property
    def month(self) -> datetime.date:
        """The first of April of the year: the month that the records land in."""
        return datetime.date(int(self.financial_year[:4]), 4, 1)

    @property
    def district_code(self) -> str:
        """England: an official workbook belongs to no district."""
        return ENGLAND_CODE

    @property
    def control_columns(self) -> dict[str, str]:
        """Record → the column whose sum the ledger keeps."""
        return {name: record.control_column for name, record in self.form.records.items()}


def fill_year(text: str, financial_year: str) -> str:
    """Put the year into a pattern: `{year}` is 2022-23, `{start_year}` 2022."""
    return text.replace("{year}", financial_year).replace("{start_year}", financial_year[:4])


def load_families(paths: Iterable[Path]) -> dict[Path, WorkbookFamily]:
    """Return each layout file's family; a mistake in one names the file and the field."""
    families: dict[Path, WorkbookFamily] = {}
    for path in paths:
        try:
            families[path] = WorkbookFamily.model_validate(read_yaml(path))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the file"
            raise ConfigurationError(f"{path}: {where}: {first['msg']}") from None
    return families
