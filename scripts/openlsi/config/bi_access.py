"""Which role of a database is whose, and which marts its BI tools may read: `bi_access.yml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from openlsi.config.county import (
    Configuration,
    ConfigurationError,
    configuration_file,
    read_yaml,
)
from openlsi.home import Home

FILE = "bi_access.yml"
# PostgreSQL cuts names after 63 bytes. Letters that need no quotes, so that a name reads the same
# in every tool.
_NAME = r"^[a-z_][a-z0-9_]{0,62}$"


def _not_its_own(name: str) -> str:
    if name.startswith("pg_") or name in ("public", "none"):
        raise ValueError(f"'{name}' is a name that PostgreSQL keeps for itself")
    return name


RoleName = Annotated[str, Field(pattern=_NAME), AfterValidator(_not_its_own)]


class BiAccess(BaseModel):
    """The whole of `bi_access.yml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    owner: RoleName
    county: RoleName
    district_prefix: RoleName
    districts: dict[str, RoleName] = Field(default={}, description="slug → role, where not derived")
    open_to_all_districts: list[str] = Field(description="marts without anything of a household")
    recent_months: int = Field(ge=1)
    recent_only: list[str] = Field(description="marts of which the latest months are published")

    def role_of(self, slug: str) -> str:
        """Return the role of the district with this slug."""
        return self.districts.get(slug) or self.district_prefix + slug.replace("-", "_")


def load_bi_access(home: Home, configuration: Configuration) -> BiAccess:
    """Return the validated access; a role that would be two things at once is refused.

    Raises ConfigurationError with the file and what is wrong in it.
    """
    path = configuration_file(home, FILE)
    try:
        access = BiAccess.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ConfigurationError(f"{path}: {where}: {first['msg']}") from None
    slugs = [district.slug for district in configuration.districts]
    unknown = sorted(set(access.districts) - set(slugs))
    if unknown:
        raise ConfigurationError(
            f"{path}: districts: found '{unknown[0]}', expected the slug of a district of"
            f" districts.yml: {', '.join(slugs)}"
        )
    roles = [access.owner, access.county, *(access.role_of(slug) for slug in slugs)]
    twice = sorted({role for role in roles if roles.count(role) > 1})
    if twice:
        raise ConfigurationError(
            f"{path}: the role {twice[0]} stands for two; expected one role each for the owner, the"
            " county and every district, or one would see what is the other's"
        )
    return access
