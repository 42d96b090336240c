"""The loader's own limits: processes, memory, what becomes of originals, sizes of files."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from openlsi.config import ConfigurationError, District, Originals
from openlsi.config.county import configuration_file, read_yaml
from openlsi.home import Home


class FileLimits(BaseModel):
    """Section `files` of limits.yml: what is refused unread, because no month's extract has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    most_bytes: int = Field(default=2_000_000_000, gt=0)
    most_lines: int = Field(default=20_000_000, gt=0)
    most_members: int = Field(default=500, gt=0)
    most_unpacked_bytes: int = Field(default=2_000_000_000, gt=0)
    most_ratio: int = Field(default=200, gt=1)
    most_cells: int = Field(default=30_000_000, gt=0)


class Limits(BaseModel):
    """Section `loading` of limits.yml, and its files'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    processes: int = Field(default=2, ge=1)
    memory_limit: str = "1500MB"
    originals: Originals = "keep"
    files: FileLimits = FileLimits()


def originals_of(district: District, limits: Limits) -> Originals:
    """Return what becomes of a district's originals: its own choice before the county's."""
    return limits.originals if district.originals is None else district.originals


def load_limits(home: Home) -> Limits:
    """Return the limits of this county."""
    path = configuration_file(home, "limits.yml")
    content = read_yaml(path) or {}
    try:
        files = content.get("files") or {}
        return Limits.model_validate({**(content.get("loading") or {}), "files": files})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        where = where if where.startswith("files.") else f"loading.{where}"
        raise ConfigurationError(f"{path}: {where}: {first['msg']}") from None
    except (AttributeError, TypeError):
        raise ConfigurationError(f"{path}: found no sections loading and files") from None
