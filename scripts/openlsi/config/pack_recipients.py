"""Who may be sent packs of a district's households, for what and until when: `pack_recipients.yml`.

The county is none of them: a pack is made in a district's zone for that district's officers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import pyrage
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from openlsi.config.county import Configuration, configuration_file
from openlsi.config.yaml_lines import YamlLines
from openlsi.home import Home

FILE = "pack_recipients.yml"
Place = tuple[str | int, ...]


def _age_key(text: str) -> str:
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        # Not quoted: somebody may have put the secret half there.
        raise ValueError(
            "is not an age public key; expected the line that begins age1, as `lsi packs keygen`"
            " or age-keygen prints it"
        ) from None
    return text


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Words = Annotated[str, Field(min_length=3, max_length=300, pattern=r"^[^\x00-\x1f]*$")]


class Purpose(_Said):
    """What a pack may be used for."""

    title: Words
    gateway: Words


class Recipient(_Said):
    """One person whose key a pack may be sealed to."""

    name: Annotated[str, Field(min_length=2, max_length=80, pattern=r"^[^\x00-\x1f]*$")]
    role: Annotated[str, Field(min_length=2, max_length=80, pattern=r"^[^\x00-\x1f]*$")]
    key: Annotated[str, AfterValidator(_age_key)]
    purposes: Annotated[list[str], Field(min_length=1)]
    until: date

    def may(self, purpose: str, today: date) -> bool:
        """Return whether this person may use a pack for a purpose on a day."""
        return purpose in self.purposes and today <= self.until


class PackRecipients(_Said):
    """The whole of `pack_recipients.yml`."""

    keep_days: Annotated[int, Field(ge=1, le=366)]
    most_households: Annotated[int, Field(ge=1, le=100_000)]
    purposes: dict[str, Purpose]
    districts: dict[str, list[Recipient]] = {}

    def of(self, slug: str) -> list[Recipient]:
        """Return everybody who is listed for a district."""
        return self.districts.get(slug, [])


def recipients_file(home: Home) -> Path:
    """Return the file that says who may be sent packs."""
    return configuration_file(home, FILE)


def load_pack_recipients(home: Home, configuration: Configuration) -> PackRecipients:
    """Return the validated recipients.

    Raises ConfigurationError with file and line for what is unknown or missing, a key that is none,
    a purpose that is not defined, a name or key that stands twice in a district, and for anybody
    who is listed for the county or for a sender that is no district.
    """
    path = recipients_file(home)
    lines = YamlLines(path)
    try:
        found = PackRecipients.model_validate(lines.content)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        place = tuple(part for part in fault["loc"] if part != "[key]")
        message = "no such word here" if fault["type"] == "extra_forbidden" else fault["msg"]
        raise lines.refusal(place, message.removeprefix("Value error, ")) from None
    for place, message in _faults(found, configuration):
        raise lines.refusal(place, message)
    return found


def _faults(found: PackRecipients, configuration: Configuration) -> Iterator[tuple[Place, str]]:
    slugs = [district.slug for district in configuration.districts]
    for slug, recipients in found.districts.items():
        if slug in ("county", configuration.county_code, configuration.county_name):
            yield (
                ("districts", slug),
                "the county gets no packs of households; list officers under their district",
            )
        if slug not in slugs:
            yield ("districts", slug), f"is none of the districts {', '.join(sorted(slugs))}"
        for number, one in enumerate(recipients):
            place = ("districts", slug, number)
            for name in ("name", "key"):
                if getattr(one, name) in [getattr(other, name) for other in recipients[:number]]:
                    yield (*place, name), "stands twice in this district"
            for unknown in sorted(set(one.purposes) - set(found.purposes)):
                defined = ", ".join(sorted(found.purposes))
                yield (*place, "purposes"), f"{unknown} is none of the purposes {defined}"
