"""How sure linkage must be: section `linkage` of limits.yml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from openlsi.config import ConfigurationError
from openlsi.config.county import configuration_file, read_yaml
from openlsi.home import Home


class LinkageLimits(BaseModel):
    """Probabilities from which records are one person by themselves, or by a reviewer's word.

    identity/model/precision.csv tells what each is worth. Without `names` people are known by
    their keys alone: a number, or a name with a date of birth.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    names: bool = True
    automatic: float = Field(default=0.95, gt=0, le=1)
    clerical: float = Field(default=0.1, gt=0, lt=1)

    @model_validator(mode="after")
    def _agree(self) -> LinkageLimits:
        if self.clerical > self.automatic:
            raise ValueError("clerical must not lie above automatic")
        return self


def load_linkage_limits(home: Home) -> LinkageLimits:
    """Return the limits of this county."""
    path = configuration_file(home, "limits.yml")
    content = read_yaml(path) or {}
    try:
        return LinkageLimits.model_validate(content.get("linkage", {}))
    except (ValidationError, AttributeError) as error:
        raise ConfigurationError(f"{path}: linkage: {error}") from None
