"""A campaign as configuration says it, held against itself and against the words there are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic import Field as Told

from openlsi.campaigns.fields import MARKERS, Field, gap_fields
from openlsi.config.county import Configuration, ConfigurationError, configuration_files
from openlsi.config.yaml_lines import YamlLines
from openlsi.home import Home

Benefit = Literal["pc", "cts", "hb", "uc", "ctd", "fsm", "discretionary"]
Marker = Literal[
    "deceased", "breathing_space", "insolvency", "sensitive_address", "contact_opt_out",
    "anonymous_elector",
]  # fmt: skip
PoundsKind = Literal["one_off", "annualised", "lifetime", "back_dated"]
Words = Annotated[str, Told(min_length=3, max_length=300)]
Place = tuple[str | int, ...]
# What each operator compares, and the sign that SQL has for it.
_NUMBERS = {"over": ">", "at_least": ">=", "under": "<", "at_most": "<="}


class _Said(BaseModel):
    # A misspelt word would take its default in silence.
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Condition(_Said):
    """What one field of a household must be; exactly one of the comparisons."""

    field: str
    equals: Annotated[str | None, Told(alias="is")] = None
    one_of: Annotated[list[str] | None, Told(alias="in", min_length=1)] = None
    over: Decimal | None = None
    at_least: Decimal | None = None
    under: Decimal | None = None
    at_most: Decimal | None = None

    @property
    def text(self) -> str:
        """The condition in words."""
        (asked,) = self.asked
        if asked == "equals":
            return f"{self.field} is {self.equals}"
        if asked == "one_of":
            return f"{self.field} is one of {', '.join(self.one_of or [])}"
        return f"{self.field} is {asked.replace('_', ' ')} {getattr(self, asked)}"

    @property
    def asked(self) -> list[str]:
        """The comparisons that are given."""
        return [name for name in ("equals", "one_of", *_NUMBERS) if getattr(self, name) is not None]


class Target(_Said):
    """Every one of `all` holds, and one of `any` where there are some."""

    all: list[Condition] = []
    any: list[Condition] = []


class Exclude(_Said):
    """Who is left out: by markers (definition 29), and who was contacted lately."""

    # Every marker, unless the file names why one is not.
    but_not: dict[Marker, Words] = {}
    contacted_within_days: Annotated[int, Told(ge=0, le=1825)] = 180


class Campaign(_Said):
    """One campaign: why and under what authority, for whom, how, when, and at what cost."""

    campaign: Annotated[str, Told(pattern=r"^[a-z0-9_]{1,50}$")]
    name: Annotated[str, Told(min_length=3, max_length=80)]
    purpose: Words
    gateway: Words
    owner: Words
    benefit: Benefit | None = None
    # Districts by slug; none named means all.
    districts: list[str] = []
    target: Target
    # Pounds a week that a household would gain, a field of the position.
    expected: str | None = None
    exclude: Exclude = Exclude()
    channel: Literal["letter", "phone", "text", "email", "visit"]
    holdout_pct: Annotated[Decimal, Told(ge=0, le=50)] = Decimal(0)
    starts: date
    ends: date
    # Printing, post and staff time.
    cost_gbp: Annotated[Decimal, Told(ge=0, le=10_000_000)]
    # The kinds of pounds that an outcome may have.
    pounds: list[PoundsKind] = []
    # Whole months after its end that its households are kept; else what limits.yml says.
    retention_months: Annotated[int | None, Told(ge=1, le=120)] = None

    @property
    def fingerprint(self) -> str:
        """Tell this wording of the definition from every other: an approval is of one wording."""
        # A file without a retention of its own is worded as it was before there was one to give.
        unsaid = {"retention_months"} if self.retention_months is None else set()
        content = json.dumps(self.model_dump(mode="json", exclude=unsaid), sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    @property
    def filter_text(self) -> str:
        """Whom it is for, in the words of its filter."""
        parts = [one.text for one in self.target.all]
        if self.target.any:
            parts.append("one of: " + " or ".join(one.text for one in self.target.any))
        return "; ".join(parts)

    @property
    def as_yaml(self) -> str:
        """The definition as a file that another county or district can copy."""
        told = self.model_dump(by_alias=True, exclude_unset=True)
        return yaml.safe_dump(_plain(told), sort_keys=False, allow_unicode=True, width=88)

    @property
    def markers(self) -> list[str]:
        """The columns of markers that exclude."""
        return [column for name, column in MARKERS.items() if name not in self.exclude.but_not]


def _plain(told: Any) -> Any:
    """Return what a model was told in the words of YAML, which has no decimals of its own."""
    if isinstance(told, Mapping):
        return {name: _plain(value) for name, value in told.items()}
    if isinstance(told, list):
        return [_plain(value) for value in told]
    if isinstance(told, Decimal):
        return int(told) if told == told.to_integral_value() else float(told)
    return told


def read_campaign(
    path: Path, fields: Mapping[str, Field], configuration: Configuration
) -> Campaign:
    """Read one campaign.

    Raises ConfigurationError with file and line for a part that is missing or unknown, a field that
    there is not, a comparison that the field does not take, and a district of no extracts.
    """
    lines = YamlLines(path)
    try:
        campaign = Campaign.model_validate(lines.content)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = tuple(part for part in fault["loc"] if part != "[key]")
        message = "no such word here" if fault["type"] == "extra_forbidden" else fault["msg"]
        raise lines.refusal(place, message) from None
    for place, message in _faults(campaign, fields, configuration):
        raise lines.refusal(place, message)
    return campaign


def _faults(
    campaign: Campaign, fields: Mapping[str, Field], configuration: Configuration
) -> Iterator[tuple[Place, str]]:
    if not campaign.target.all and not campaign.target.any:
        yield ("target",), "asks nothing, so everybody would be in it; give all: or any:"
    for part in ("all", "any"):
        for number, condition in enumerate(getattr(campaign.target, part)):
            for message in condition_faults(condition, fields):
                yield ("target", part, number), message
    slugs = {district.slug for district in configuration.districts}
    for number, slug in enumerate(campaign.districts):
        if slug not in slugs:
            yield ("districts", number), f"{slug} is none of {', '.join(sorted(slugs))}"
    if campaign.expected is not None and campaign.expected not in gap_fields(fields):
        yield (
            ("expected",),
            f"{campaign.expected} is no pounds a week of a household; there are"
            f" {', '.join(gap_fields(fields))}",
        )
    if campaign.ends <= campaign.starts:
        yield ("ends",), f"{campaign.ends} is not after {campaign.starts}, where it starts"


def condition_faults(condition: Condition, fields: Mapping[str, Field]) -> Iterator[str]:
    """Yield what is wrong with a condition: its field, or how it is compared."""
    field = fields.get(condition.field)
    if field is None:
        near = get_close_matches(condition.field, fields, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        yield f"field: {condition.field} is unknown{hint} `lsi campaign fields` lists them"
        return
    if len(condition.asked) != 1:
        yield (
            f"{condition.field}: give one comparison of is, in, {', '.join(_NUMBERS)};"
            f" found {len(condition.asked)}"
        )
        return
    (asked,) = condition.asked
    if field.kind == "number" and asked not in _NUMBERS:
        yield f"{condition.field} is a number; compare it by {', '.join(_NUMBERS)}"
    if field.kind != "number" and asked in _NUMBERS:
        yield f"{condition.field} is no number; compare it by is or in"
    if field.kind == "truth" and condition.equals not in ("true", "false"):
        yield f"{condition.field} is true or false; write is: true or is: false"


def load_campaigns(
    home: Home, fields: Mapping[str, Field], configuration: Configuration
) -> dict[str, Campaign]:
    """Return every campaign by its name: the county's own files before those shipped."""
    found: dict[str, Campaign] = {}
    for path in configuration_files(home, "campaigns"):
        campaign = read_campaign(path, fields, configuration)
        if campaign.campaign in found:
            raise ConfigurationError(f"{path}: campaign: {campaign.campaign} stands in two files")
        found[campaign.campaign] = campaign
    return found


def condition_sql(condition: Condition, field: Field) -> str:
    """Return a condition as SQL over the position's columns; what is not known does not hold."""
    (asked,) = condition.asked
    if asked in _NUMBERS:
        return f"coalesce({field.name} {_NUMBERS[asked]} {getattr(condition, asked)}, false)"
    if field.kind == "truth":
        return f"coalesce({field.name} = {condition.equals}, false)"
    words = condition.one_of or [str(condition.equals)]
    listed = ", ".join("'" + word.replace("'", "''") + "'" for word in words)
    return f"coalesce({field.name} in ({listed}), false)"


def target_sql(campaign: Campaign, fields: Mapping[str, Field]) -> str:
    """Return whom a campaign is for, as SQL over the position's columns."""
    every = [condition_sql(one, fields[one.field]) for one in campaign.target.all]
    some = [condition_sql(one, fields[one.field]) for one in campaign.target.any]
    if some:
        every.append(f"({' or '.join(some)})")
    return " and ".join(every)
