"""Whether a household of a pack may be contacted, and why not: markers, holdouts, and what is gone.

Markers exclude by default (definition 29). Only a campaign that named a reason when its cohort was
fixed contacts in spite of one, and then for that campaign only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from openlsi.campaigns.definition import Marker
from openlsi.campaigns.fields import MARKERS
from openlsi.packs.selection import Chosen, Membership

MARKER_WORDS = {
    "deceased": (
        "Somebody has died",
        "An account carries this marker. Do not write to the person who has died; who deals with"
        " the estate is in the council tax system.",
    ),
    "breathing_space": (
        "Breathing space",
        "A moratorium on debts is in force: no contact about a debt and no recovery until it ends.",
    ),
    "insolvency": (
        "Insolvency",
        "An insolvency is recorded. Debts before it are not asked for.",
    ),
    "sensitive_address": (
        "Sensitive address",
        "The address must not be passed on, and no visit or letter without the case holder.",
    ),
    "contact_opt_out": (
        "Asked not to be contacted",
        "The household asked not to be contacted.",
    ),
    "anonymous_elector": (
        "Anonymous elector",
        "Registered anonymously because of a risk to somebody's safety. Never pass the address on.",
    ),
}


@dataclass(frozen=True)
class Carried:
    """One marker that a household carries, and what it means for contact."""

    name: str
    title: str
    meaning: str
    # Why a campaign of the pack contacts all the same; empty where none does.
    contacted_all_the_same: str


@dataclass(frozen=True)
class Standing:
    """Whether a household may be contacted, with the reasons why not, and its markers."""

    may_contact: bool
    reasons: tuple[str, ...]
    markers: tuple[Carried, ...]
    # The campaigns of the pack for which it may be contacted.
    campaigns: tuple[str, ...]


def standing(chosen: Chosen, facts: Mapping[str, Any] | None) -> Standing:
    """Return how a household stands; one that the build tells nothing of is not contacted."""
    if facts is None or not (facts["markers"] or facts["position"]):
        why = "No extract tells of it any more: check first whether it still lives there"
        return Standing(False, (why,), (), ())
    carried = [name for name in get_args(Marker) if _carries(facts, name)]
    memberships = [one for one in chosen.memberships if one.campaign.campaign in chosen.campaigns]
    allowed = [one for one in memberships if not _blocking(one, carried)]
    held_out = [
        one for one in chosen.memberships if one.arm == "holdout" and one.is_running
    ] if not chosen.campaigns else []  # fmt: skip
    reasons = [MARKER_WORDS[name][0] for name in carried]
    reasons += [
        f"Held out of {one.campaign.name}: it is compared, not contacted" for one in held_out
    ]
    may = bool(allowed) if memberships else not reasons
    return Standing(
        may,
        () if may else tuple(reasons),
        tuple(_marker(name, allowed) for name in carried),
        tuple(one.campaign.campaign for one in allowed),
    )


def _carries(facts: Mapping[str, Any], name: Marker) -> bool:
    column = MARKERS[name]
    return any(bool((facts[part] or {}).get(column)) for part in ("markers", "position"))


def _blocking(membership: Membership, carried: list[Marker]) -> list[Marker]:
    excepted = membership.campaign.exclude.but_not if membership.is_as_frozen else {}
    return [name for name in carried if name not in excepted]


def _marker(name: Marker, allowed: list[Membership]) -> Carried:
    why = [
        f"{one.campaign.name}: {one.campaign.exclude.but_not[name]}"
        for one in allowed
        if name in one.campaign.exclude.but_not
    ]
    title, meaning = MARKER_WORDS[name]
    return Carried(name, title, meaning, "; ".join(why))
