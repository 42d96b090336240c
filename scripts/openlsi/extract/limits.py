"""The loader's own limits: processes, memory, and what becomes of originals."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from openlsi.config import ConfigurationError
from openlsi.config.county import configuration_file, read_yaml
from openlsi.home import Home


class Limits(BaseModel):
    """Section `loading` of limits.yml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    processes: int = Field(default=2, ge=1)
    memory_limit: str = "1500MB"
    originals: Literal["keep", "seal"] = "keep"


def load_limits(home: Home) -> Limits:
    """Return the limits of this county."""
    path = configuration_file(home, "limits.yml")
    content = read_yaml(path) or {}
    try:
        return Limits.model_validate(content.get("loading", {}))
    except (ValidationError, AttributeError) as error:
        raise ConfigurationError(f"{path}: loading: {error}") from None
