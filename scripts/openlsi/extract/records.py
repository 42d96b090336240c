"""What each feed must come to: the canonical records that every vendor layout maps on to."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from openlsi.config import ConfigurationError
from openlsi.config.county import configuration_files, read_yaml
from openlsi.home import Home
from openlsi.identity.normalisation import PURPOSES

Kind = Literal[
    "key", "link_key", "area", "age", "pension_age_month", "age_month", "born_on_or_after", "date",
    "code", "public_code", "boolean", "money", "integer", "financial_year",
]  # fmt: skip

_KEYS = frozenset({"key", "link_key"})
_DERIVED = _KEYS | {"area", "age", "pension_age_month", "age_month", "born_on_or_after"}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Identifier(_Strict):
    """A field that names or leads to a person or home; it never leaves the vault."""

    type: Literal["ref", "text", "date"]
    required: bool = False


class Column(_Strict):
    """One column of landing: typed from the file, or derived from identifiers."""

    type: Kind
    of: list[str] = Field(default=[], description="identifiers a derived column comes from")
    purpose: str | None = Field(default=None, description="which key the hash is made with")
    link: str | None = Field(
        default=None, description="the sharing of districts.yml that a linking key belongs to"
    )
    years: int | None = Field(default=None, description="age whose month an age_month is")
    day: date | None = Field(default=None, description="first birth date of a born_on_or_after")
    required: bool = False
    values: list[str] = []
    minimum: int | None = None
    maximum: int | None = Field(
        default=None, description="beyond what is possible: pence for pounds, a year for a week"
    )
    pattern: str | None = Field(
        default=None, description="what a public code is written like, so that a name is none"
    )

    @model_validator(mode="after")
    def _agree(self) -> Column:
        for kind, name in (
            ("link_key", "link"),
            ("age_month", "years"),
            ("born_on_or_after", "day"),
            ("public_code", "pattern"),
        ):
            if (self.type == kind) != (getattr(self, name) is not None):
                raise ValueError(f"`{name}` goes with type: {kind}, and only with it")
        return self

    @property
    def is_derived(self) -> bool:
        """Whether the column comes from identifiers rather than from a column of the file."""
        return self.type in _DERIVED

    @property
    def key_purpose(self) -> str:
        """The name of the key that the column is hashed with; a linking key's names its link."""
        return f"link:{self.link}:{self.purpose}" if self.link else self.purpose or ""


class Check(_Strict):
    """A truth between columns of one row."""

    kind: Literal["not_before", "adds_up", "not_above"]
    column: str | None = None
    limit: str | None = None
    times: int | None = Field(
        default=None, ge=1, description="multiples of the limit; a limit of nil then says nothing"
    )
    is_credit: bool = Field(default=False, description="what stands below nil is held to it")
    start: str | None = None
    end: str | None = None
    total: str | None = None
    plus: list[str] = []
    minus: list[str] = []


class Person(_Strict):
    """Which identifiers of a record describe one person, for linkage inside the secure zone."""

    surname: str | None = None
    forenames: str | None = None
    birth_date: str | None = None
    nino: str | None = None


class Record(_Strict):
    """One kind of row of a feed."""

    identifiers: dict[str, Identifier]
    unique: list[str]
    is_optional: bool = Field(default=False, description="a system may have no such rows to send")
    may_be_none: bool = Field(default=False, description="a month may have none, where others do")
    people: dict[str, Person] = Field(default={}, description="role → the person's identifiers")
    columns: dict[str, Column]
    checks: list[Check] = []

    @model_validator(mode="after")
    def _agree(self) -> Record:
        for name, column in self.columns.items():
            unknown = sorted(set(column.of) - set(self.identifiers))
            if unknown or (column.is_derived and not column.of):
                raise ValueError(f"{name} is derived from {', '.join(unknown) or 'nothing'}")
            if column.type in _KEYS and column.purpose not in PURPOSES:
                raise ValueError(f"{name}: purpose {column.purpose} is none of {sorted(PURPOSES)}")
            if column.type == "integer" and column.maximum is None:
                # A claim's number in the wrong column is a whole number too.
                raise ValueError(f"{name} is a number without a maximum; say the highest possible")
        known = set(self.identifiers) | {n for n, c in self.columns.items() if not c.is_derived}
        for role, person in self.people.items():
            told = {name for name in person.model_dump().values() if name is not None}
            if told - set(self.identifiers):
                raise ValueError(f"people: {role}: {sorted(told - set(self.identifiers))} unknown")
        named = {name for check in self.checks for name in columns_of(check)} | set(self.unique)
        if named - known:
            raise ValueError(f"checks name unknown columns {', '.join(sorted(named - known))}")
        return self

    @property
    def mapped(self) -> dict[str, Identifier | Column]:
        """The fields that a layout must say the source of, identifiers first."""
        typed = {name: column for name, column in self.columns.items() if not column.is_derived}
        return {**self.identifiers, **typed}

    @property
    def births(self) -> list[str]:
        """The identifiers that are birth dates of people whose age landing tells."""
        return sorted({c.of[0] for c in self.columns.values() if c.type == "age"})

    def keys_for(self, links: frozenset[str]) -> dict[str, Column]:
        """Return the keyed columns that may be hashed where these links are lawful."""
        return {n: c for n, c in self.keys.items() if c.link is None or c.link in links}

    @property
    def keys(self) -> dict[str, Column]:
        """The columns that are keyed hashes."""
        return {name: column for name, column in self.columns.items() if column.type in _KEYS}


def columns_of(check: Check) -> list[str]:
    """Return the columns that a check holds against each other."""
    named = [check.column, check.limit, check.start, check.end, check.total]
    named += [*check.plus, *check.minus]
    return [name for name in named if name is not None]


class Control(_Strict):
    """The column whose pounds are counted through every step; a feed without pounds has none."""

    record: str
    column: str | None = None


class FeedDefinition(_Strict):
    """All the records of one feed."""

    feed: str
    control: Control
    records: dict[str, Record]

    @model_validator(mode="after")
    def _has_control(self) -> FeedDefinition:
        record = self.records.get(self.control.record)
        if record is None:
            raise ValueError(f"control names the record {self.control.record}, which is not there")
        if self.control.column is None:
            return self
        column = record.columns.get(self.control.column)
        if column is None or column.type != "money":
            raise ValueError(f"control {self.control.record}.{self.control.column} is not money")
        return self


def load_feed_definitions(home: Home) -> dict[str, FeedDefinition]:
    """Return the canonical records of every feed, by feed name."""
    definitions = {}
    for path in configuration_files(home, "records"):
        try:
            definition = FeedDefinition.model_validate(read_yaml(path))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the file"
            raise ConfigurationError(f"{path}: {where}: {first['msg']}") from None
        definitions[definition.feed] = definition
    return definitions
