"""How far a month may move before it is held: section `holds` of limits.yml (definition 30)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from openlsi.config import ConfigurationError
from openlsi.config.county import configuration_file, default_file, read_yaml
from openlsi.extract.patterns import parse_month
from openlsi.home import Home


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FeedLimits(_Strict):
    """The limits of one feed; None is no limit."""

    rows_pct: Decimal | None = Field(default=Decimal(15), gt=0)
    gbp_pct: Decimal | None = Field(default=Decimal(15), gt=0)
    gbp_against: Literal["month_before", "year_before"] = "month_before"
    match_rate_points: Decimal | None = Field(default=Decimal(5), gt=0)
    least_rows: int = Field(
        default=200, ge=0, description="fewer rows before and now are not judged"
    )


class Announcement(_Strict):
    """A change that was known beforehand: its month is not held."""

    district: str = Field(description="slug or ONS code")
    feed: str
    month: date
    by: str = Field(min_length=1)
    why: str = Field(min_length=1)

    @field_validator("month", mode="before")
    @classmethod
    def _month(cls, value: object) -> object:
        month = parse_month(str(value)[:7])
        if month is None:
            raise ValueError("expected a month such as 2026-04")
        return month


class HoldLimits(FeedLimits):
    """What holds for every feed, and what is other for single ones."""

    feeds: dict[str, dict[str, Any]] = Field(default={})
    announced: list[Announcement] = Field(default=[])

    @field_validator("feeds")
    @classmethod
    def _known_limits(cls, feeds: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        for limits in feeds.values():
            FeedLimits.model_validate(limits)
        return feeds

    def of(self, feed: str) -> FeedLimits:
        """Return the limits of a feed: its own where it has them."""
        general = self.model_dump(exclude={"feeds", "announced"})
        return FeedLimits.model_validate(general | self.feeds.get(feed, {}))


def load_hold_limits(home: Home) -> HoldLimits:
    """Return the limits of this county: its own settings over the shipped ones."""
    path = configuration_file(home, "limits.yml")
    shipped, own = ((read_yaml(one) or {}).get("holds") or {} for one in (
        default_file("limits.yml"), path
    ))  # fmt: skip
    try:
        return HoldLimits.model_validate({**shipped, **own})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in ("holds", *first["loc"]))
        raise ConfigurationError(f"{path}: {where}: {first['msg']}") from None
