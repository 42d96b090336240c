"""Which households a pack is of: a district's part of cohorts, and whom a filter holds for."""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from openlsi.campaigns.cohort import cohort_files
from openlsi.campaigns.definition import Campaign, Condition, condition_faults, condition_sql
from openlsi.campaigns.fields import MART, Field
from openlsi.campaigns.outcomes import DATES, POUNDS, reported
from openlsi.campaigns.register import Register
from openlsi.config import District
from openlsi.home import Home
from openlsi.packs.errors import PackError

_NUMBERS = ("over", "at_least", "under", "at_most")
_WORDS = re.compile(
    rf"^\s*(?P<field>\w+)\s+(?P<asked>is|in|{'|'.join(_NUMBERS)})\s+(?P<value>.+?)\s*$"
)
# As a cohort's: letters and digits that are not taken for each other on paper.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_REF_LENGTH = 10


class NobodyError(PackError):
    """A district has nobody of those whom a pack is asked for."""


@dataclass(frozen=True)
class Membership:
    """A household's place in the frozen cohort of a campaign, and what officers reported of it."""

    campaign: Campaign
    case_ref: str
    arm: str
    # An exception from a marker counts only as it was worded when the cohort was fixed.
    is_as_frozen: bool
    is_running: bool
    reported: Mapping[str, Any] | None

    @property
    def contacted_on(self) -> date | None:
        """The day of the first contact for the campaign; None where none is reported."""
        return (self.reported or {}).get("contacted_on")

    @property
    def told(self) -> list[tuple[str, Any]]:
        """Return what officers reported, by column, without what they left empty."""
        found = self.reported or {}
        return [(name, found[name]) for name in (*DATES, *POUNDS) if found.get(name) is not None]


@dataclass
class Chosen:
    """One household of a pack: its reference there, and why it is in it."""

    household_key: str
    ref: str
    # Campaigns by which it is in the pack; none for one that only a filter holds for.
    campaigns: tuple[str, ...]
    is_by_filter: bool
    memberships: list[Membership] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """What a pack is asked to hold."""

    campaigns: tuple[str, ...]
    conditions: tuple[Condition, ...]

    @property
    def text(self) -> str:
        """The request as it was asked, for the log."""
        return self.words({})

    def words(self, campaigns: Mapping[str, Campaign]) -> str:
        """Return the request in words, campaigns by their names."""
        names = {name: one.name for name, one in campaigns.items()}
        parts = [f"cohort of {names.get(name, name)}" for name in self.campaigns]
        if self.conditions:
            told = ", and ".join(one.text for one in self.conditions)
            parts.append("households whose " + (_plain(told) if campaigns else told))
        return "; ".join(parts)


def _plain(text: str) -> str:
    return text.replace("_gbp", " in pounds").replace("_", " ")


def asked(campaigns: Sequence[str], filters: Sequence[str], fields: Mapping[str, Field]) -> Asked:
    """Return a request as it is written on the command line.

    Raises PackError for a filter that is none, or asks what there is not, and for no request: a
    pack of everybody would hold whom nobody means to help.
    """
    if not campaigns and not filters:
        raise PackError(
            "found neither --campaign nor --where; expected whose households to put into the pack:"
            " a frozen campaign, or a filter such as --where 'council_tax_overdue_gbp over 500'"
        )
    return Asked(tuple(dict.fromkeys(campaigns)), tuple(_condition(f, fields) for f in filters))


def _condition(text: str, fields: Mapping[str, Field]) -> Condition:
    found = _WORDS.match(text)
    if found is None:
        raise PackError(
            f"--where {text!r}: not a filter; expected a field of `lsi campaign fields`, one of is,"
            f" in, {', '.join(_NUMBERS)}, and a value, such as 'margin_gbp under 0'"
        )
    name, word, value = found["field"], found["asked"], found["value"]
    given: dict[str, Any] = {"field": name}
    if word == "in":
        given["in"] = [part.strip() for part in value.split(",") if part.strip()]
    elif word == "is":
        given["is"] = value
    else:
        try:
            given[word] = Decimal(value)
        except InvalidOperation:
            given[word] = Decimal("NaN")
        if not given[word].is_finite():
            raise PackError(f"--where {text!r}: {value} is no number; expected one such as 500")
    condition = Condition.model_validate(given)
    for message in condition_faults(condition, fields):
        raise PackError(f"--where {text!r}: {message}")
    return condition


def choose(
    home: Home,
    secure: Path,
    district: District,
    request: Asked,
    campaigns: Mapping[str, Campaign],
    fields: Mapping[str, Field],
) -> list[Chosen]:
    """Return the households of a request in one district, each once, with all their memberships.

    Who is held out of a campaign, or only compared with, is in no pack by its cohort. Raises
    PackError for a campaign without a frozen cohort or without this district, and where nobody is
    left; CampaignError for a cohort that was changed.
    """
    register = Register.read(home)
    for name in request.campaigns:
        if name not in campaigns:
            known = ", ".join(sorted(campaigns))
            raise PackError(f"--campaign {name}: no campaign is called that; there are {known}")
        if register.frozen(name) is None:
            raise PackError(
                f"--campaign {name}: no cohort is frozen; `lsi campaign freeze {name}` fixes it"
            )
    members = _memberships(home, register, district, campaigns)
    found: dict[str, Chosen] = {}
    for name in request.campaigns:
        for key, of in members.items():
            by = [one for one in of if one.campaign.campaign == name and one.arm == "contact"]
            if by:
                chosen = found.setdefault(key, Chosen(key, by[0].case_ref, (), False))
                chosen.campaigns = (*chosen.campaigns, name)
    if request.conditions:
        for key in _held_for(secure, district, request.conditions, fields):
            found.setdefault(key, Chosen(key, "", (), True)).is_by_filter = True
    if not found:
        raise NobodyError(f"{district.name}: nobody is in {request.text}; nothing was built")
    _refer(found.values())
    for key, chosen in found.items():
        chosen.memberships = members.get(key, [])
    return [found[key] for key in sorted(found)]


def _refer(households: Iterable[Chosen]) -> None:
    """Give each household a reference of its own: its case's, or one made by chance."""
    taken: set[str] = set()
    for one in households:
        while not one.ref or one.ref in taken:
            one.ref = "".join(secrets.choice(_ALPHABET) for _ in range(_REF_LENGTH))
        taken.add(one.ref)


def _held_for(
    secure: Path, district: District, conditions: Sequence[Condition], fields: Mapping[str, Field]
) -> list[str]:
    where = " and ".join(condition_sql(one, fields[one.field]) for one in conditions)
    with duckdb.connect(str(secure), read_only=True, config={"temp_directory": ""}) as con:
        rows = con.execute(
            f"select household_key from marts.{MART} where district_code = $code and {where}",
            {"code": district.code},
        ).fetchall()
    return [str(key) for (key,) in rows]


def _memberships(
    home: Home, register: Register, district: District, campaigns: Mapping[str, Campaign]
) -> dict[str, list[Membership]]:
    """Return each household's place in every frozen cohort of a district, by household."""
    found: dict[str, list[Membership]] = defaultdict(list)
    for name, campaign in campaigns.items():
        frozen = register.frozen(name)
        if frozen is None:
            continue
        told = {row["household_key"]: row for row in reported(home, name, register).to_pylist()}
        is_running = register.stage(name) == "running"
        is_as_frozen = frozen["definition"] == campaign.fingerprint
        for path in cohort_files(home, frozen):
            if path.parent.name != district.slug:
                continue
            table = pq.read_table(path, columns=["household_key", "case_ref", "arm"])
            for row in table.to_pylist():
                key = row["household_key"]
                found[key].append(
                    Membership(
                        campaign, row["case_ref"], row["arm"], is_as_frozen, is_running,
                        told.get(key),
                    )
                )  # fmt: skip
    return found
