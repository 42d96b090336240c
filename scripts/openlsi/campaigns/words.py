"""What the command line says of a campaign, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openlsi.campaigns.definition import Campaign
from openlsi.campaigns.effect import Arm
from openlsi.campaigns.evaluation import Evaluation
from openlsi.campaigns.fields import Field
from openlsi.campaigns.preview import FIGURES, Preview
from openlsi.campaigns.register import (
    APPROVED,
    COMPLETED,
    EVALUATED,
    FROZEN,
    LET_GO,
    OUTCOMES,
    REKEYED,
    TAKEN_OUT,
)

_HEAD = ("", "filter holds", "marked", "contacted", "to contact", "£ a year")
_ROW = "{:<24}{:>14}{:>10}{:>11}{:>12}{:>14}"


def definition_words(campaign: Campaign, fields: Mapping[str, Field]) -> Iterator[str]:
    """Yield the definition, a line a part."""
    yield campaign.name
    yield f"Purpose: {campaign.purpose}"
    yield f"Gateway: {campaign.gateway}"
    yield f"Owner: {campaign.owner}; by {campaign.channel}, {campaign.starts} to {campaign.ends}"
    yield f"Planned cost: £{campaign.cost_gbp:,.0f}; held out: {campaign.holdout_pct}%"
    for one in campaign.target.all:
        yield f"Every household: {one.text}. {fields[one.field].description}"
    for one in campaign.target.any:
        yield f"At least one of: {one.text}. {fields[one.field].description}"
    yield f"Left out: {', '.join(campaign.markers) or 'nobody by marker'}"
    for marker, reason in campaign.exclude.but_not.items():
        yield f"Not left out for {marker}: {reason}"
    yield f"Left out: whoever was contacted within {campaign.exclude.contacted_within_days} days"


def preview_words(campaign: Campaign, found: Preview) -> Iterator[str]:
    """Yield the size of a campaign: the county's line, then each district's."""
    if found.county["eligible_count"] == 0:
        yield f"{campaign.campaign}: the filter holds for nobody today"
        return
    if isinstance(found.county["target_count"], str):
        yield (
            f"{campaign.campaign}: fewer than ten households to contact, or so few beside the"
            " others that it would tell on them; their number is not shown"
        )
    yield _ROW.format(*_HEAD)
    # Without a field of pounds there is nothing to expect, which is not £0.
    shown = FIGURES if campaign.expected else FIGURES[:-1]
    yield _line("All districts", found.county, shown)
    for name, figures in sorted(found.districts.items()):
        yield _line(name, figures, shown)
    yield (
        "Counts are rounded to 5, each on its own, and pounds to £1,000; [c] is hidden to protect"
        f" people. {campaign.holdout_pct}% of those to contact will be held out."
    )
    if campaign.expected:
        yield f"£ a year: {campaign.expected} × 52, if everybody had all that they miss."


def _line(name: str, figures: Mapping[str, float | str], shown: Sequence[str]) -> str:
    cells = [figures[one] if one in shown else "-" for one in FIGURES]
    return _ROW.format(name, *(one if isinstance(one, str) else f"{one:,.0f}" for one in cells))


def evaluation_words(found: Evaluation) -> Iterator[str]:
    """Yield what a campaign brought about, a line a finding."""
    yield f"{found.campaign}: {found.result}"
    if found.contact and found.other:
        yield _arm("Contacted", found.contact)
        yield _arm(f"The {found.against}", found.other)
    if found.against == "comparison" and found.contact:
        yield (
            f"Matched by age, class, partner and children: {found.matched_count:,} of"
            f" {found.contact.household_count:,}; districts may differ in what is not told"
        )
    if found.pounds and found.brought_gbp is not None:
        yield (
            f"Pounds: £{found.pounds.value:,.2f} more a household (£{found.pounds.low:,.2f} to"
            f" £{found.pounds.high:,.2f}), £{found.brought_gbp:,.0f} for those contacted"
        )
        if found.cost_gbp:
            yield f"Pounds for each pound spent: £{found.brought_gbp / found.cost_gbp:,.2f}"
    if found.median_days is not None:
        yield f"Half of the awards came within {found.median_days / 30.4:.1f} months"
    told = found.reported
    yield (
        f"As officers report it: {told['applied_count']:,} applied, {told['awarded_count']:,}"
        f" awarded; a year £{told['annualised_gbp']:,.2f}, once £{told['one_off_gbp']:,.2f},"
        f" back-dated £{told['back_dated_gbp']:,.2f}, lifetime £{told['lifetime_gbp']:,.2f} (kinds"
        " that are never added)"
    )


def _arm(name: str, arm: Arm) -> str:
    return (
        f"{name}: {arm.awarded_count:,} of {arm.household_count:,} awarded ({arm.rate:.1%}), as"
        " extracts of later months tell"
    )


def event_words(event: Mapping[str, Any]) -> str:
    """Return what happened to a campaign, in a line."""
    kind = event["event"]
    if kind == APPROVED:
        return f"approved by {event['by']}: {event['why']}"
    if kind == FROZEN:
        contact = sum(one["contact"] for one in event["cohorts"].values())
        holdout = sum(one["holdout"] for one in event["cohorts"].values())
        elsewhere = sum(one["comparison"] for one in event["cohorts"].values())
        compared = f", {elsewhere:,} elsewhere to compare with" if elsewhere else ""
        return (
            f"frozen with build {event['build_id']}: {contact:,} to contact and {holdout:,} held"
            f" out in {sum(one['contact'] > 0 for one in event['cohorts'].values())}"
            f" districts{compared}"
        )
    if kind == OUTCOMES:
        return f"outcomes of {event['rows']:,} households from {event['file']}"
    if kind == COMPLETED:
        return f"completed, says {event['by']}"
    if kind == EVALUATED:
        return f"evaluated: {event['result']}"
    return _custody_words(event)


def _custody_words(event: Mapping[str, Any]) -> str:
    kind = event["event"]
    if kind == LET_GO:
        arms = [one for of in event["totals"]["cohorts"].values() for one in of.values()]
        return (
            f"let go after {event['retention_months']} months:"
            f" {sum(one['households'] for one in arms):,} households; totals stay in the register"
        )
    districts = ", ".join(event["cohorts"])
    if kind == TAKEN_OUT:
        return f"erased of {districts}: {event['households']:,} households"
    if kind == REKEYED:
        return (
            f"keyed anew with {event['key_id']} in {districts}: {event['households']:,} households,"
            f" of {event['households_without_records']:,} no record is held any more"
        )
    return str(kind)


def linked_words(household_count: int, unlinked_count: int, joined_count: int) -> Iterator[str]:
    """Yield a warning where households of a cohort are not met, or are one with others by now."""
    if unlinked_count:
        yield (
            f"Warning: {unlinked_count:,} of {household_count:,} households meet no household of"
            " the current build; no award of theirs can be recognised, so the effect looks smaller"
        )
    if joined_count:
        yield f"{joined_count:,} households were found to be one with others of the cohort since"
