"""Which county this is, its districts, what each sends in which layout, and by what authority."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from openlsi.errors import LsiError
from openlsi.home import Home

try:
    # libyaml reads the layouts in a seventh of the time.
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # a PyYAML that was built without it reads them the same
    from yaml import SafeLoader  # type: ignore[assignment]


class ConfigurationError(LsiError):
    """A configuration file is missing, is not YAML, or says something that cannot be."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Feed(_Strict):
    """Why a feed may be held, and for how long (DEFINITIONS 27)."""

    title: str
    purpose: str = Field(pattern=r"\S")
    gateway: str = Field(pattern=r"\S", description="The legal gateway the sharing rests on")
    retention_months: int = Field(gt=0)
    due_day: int = Field(ge=1, le=31, description="Day of the next month by which it should arrive")


class Sharing(_Strict):
    """Why data of two controllers may be matched, by which feeds, and for how long.

    Without one no linking key is made, so that nothing of two controllers can ever be joined.
    """

    title: str
    purpose: str = Field(pattern=r"\S")
    gateway: str = Field(pattern=r"\S", description="The legal gateway the matching rests on")
    retention_months: int = Field(gt=0)
    feeds: list[str] = Field(description="feeds that carry the linking key")


class DeleteAfter(_Strict):
    """Originals go some days after they were loaded, sealed until then or as they are."""

    delete_after_days: int = Field(ge=1)
    seal: bool = False


Originals = Literal["keep", "seal"] | DeleteAfter


def seals(originals: Originals) -> bool:
    """Return whether accepted originals are sealed to their district's key."""
    return originals == "seal" or (isinstance(originals, DeleteAfter) and originals.seal)


class District(_Strict):
    """One sender: its ONS code, the folder name it sends under, and the layout of each feed."""

    code: str = Field(pattern=r"^E\d{8}$")
    name: str
    slug: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    feeds: dict[str, str] = Field(description="feed name → layout name")
    without: dict[str, str] = Field(
        default={},
        description="feeds that the district can never send, and why: shown as [z], not as missing",
    )
    key_id: str = "k1"
    credits_posted: Literal["yearly", "otherwise"] = Field(
        default="otherwise",
        description="`yearly`: a year's CTS is credited to the account at once, so that credits"
        " posted can be held against what has accrued and is still to run",
    )
    original_recipient: str | None = Field(
        default=None, description="The district's age public key, to seal its originals to"
    )
    originals: Originals | None = Field(
        default=None, description="What becomes of accepted originals; else as limits.yml says"
    )


class Configuration(_Strict):
    """The whole of `districts.yml`."""

    county_code: str = Field(pattern=r"^E\d{8}$")
    county_name: str
    is_demo: bool = Field(description="Demo data and demo keys; never true for a real county")
    neighbours: list[str] = Field(
        default=[],
        description="ONS codes of authorities shown beside the county's districts in benchmarks,"
        " such as a unitary council that was once part of it",
    )
    feeds: dict[str, Feed]
    districts: list[District]
    services: list[District] = Field(
        default=[], description="senders for the whole county, such as its education service"
    )
    sharings: dict[str, Sharing] = {}

    @model_validator(mode="after")
    def _agree(self) -> Configuration:
        for name in ("code", "slug"):
            seen = [getattr(sender, name) for sender in self.senders]
            twice = sorted({value for value in seen if seen.count(value) > 1})
            if twice:
                raise ValueError(f"districts share the {name} {', '.join(twice)}")
        for sender in self.senders:
            unknown = sorted((set(sender.feeds) | set(sender.without)) - set(self.feeds))
            if unknown:
                raise ValueError(f"{sender.name} sends {', '.join(unknown)}, not listed in feeds")
            both = sorted(set(sender.feeds) & set(sender.without))
            if both:
                raise ValueError(f"{sender.name} both sends and is without {', '.join(both)}")
        for name, sharing in self.sharings.items():
            unknown = sorted(set(sharing.feeds) - set(self.feeds))
            if unknown:
                raise ValueError(f"sharing {name} names {', '.join(unknown)}, not listed in feeds")
        return self

    @property
    def senders(self) -> list[District]:
        """Everyone who may have a folder in the inbox: districts, then the county's services."""
        return [*self.districts, *self.services]

    def links_of(self, sender: District) -> frozenset[str]:
        """Return the sharings that a sender's feeds take part in."""
        return frozenset(
            name
            for name, sharing in self.sharings.items()
            if set(sharing.feeds) & set(sender.feeds)
        )

    def district(self, slug_or_code: str) -> District | None:
        """Return the sender with this slug or ONS code, or None."""
        for sender in self.senders:
            if slug_or_code in (sender.slug, sender.code):
                return sender
        return None


def default_file(*parts: str) -> Path:
    """Return the path of a configuration file shipped with the package."""
    return Path(str(files("openlsi.config"))) / "defaults" / Path(*parts)


def configuration_file(home: Home, *parts: str) -> Path:
    """Return the county's own file if it has one, else the shipped default."""
    own = home.config / Path(*parts)
    return own if own.exists() else default_file(*parts)


def configuration_files(home: Home, folder: str) -> list[Path]:
    """Return every YAML file of a configuration folder by name, the county's own before ours."""
    by_name = {path.name: path for path in sorted(default_file(folder).glob("*.yml"))}
    by_name.update({path.name: path for path in sorted((home.config / folder).glob("*.yml"))})
    return [by_name[name] for name in sorted(by_name)]


def yaml_content(text: str) -> Any:
    """Return what YAML says; raises yaml.YAMLError where it is none."""
    return yaml.load(text, Loader=SafeLoader)


def read_yaml(path: Path) -> Any:
    """Return the content of one YAML file; a mistake in it names the file and the line."""
    try:
        return yaml_content(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"{path}: no such configuration file") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        raise ConfigurationError(f"{path}{line}: not readable as YAML: {error}") from None


def load_configuration(home: Home) -> Configuration:
    """Return the validated configuration of this county."""
    path = configuration_file(home, "districts.yml")
    try:
        return Configuration.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ConfigurationError(f"{path}: {where}: {first['msg']}") from None
