"""What becomes of an edition that conflicts with an earlier one: `releases` of limits.yml."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from openlsi.config import ConfigurationError
from openlsi.config.county import configuration_file, read_yaml
from openlsi.home import Home


class ReleaseLimits(BaseModel):
    """`hold` keeps such an edition from readers until a person lets it pass; `record` lets it out.

    Either way its conflicts stand in the ledger of releases.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    conflicts: Literal["hold", "record"] = "hold"


def load_release_limits(home: Home) -> ReleaseLimits:
    """Return the limits of this county."""
    path = configuration_file(home, "limits.yml")
    content = read_yaml(path) or {}
    try:
        return ReleaseLimits.model_validate(content.get("releases") or {})
    except (ValidationError, AttributeError) as error:
        raise ConfigurationError(f"{path}: releases: {error}") from None
