"""What a campaign brought about: against its holdout, or against households alike elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb

from openlsi.campaigns.definition import Campaign
from openlsi.campaigns.effect import (
    Arm,
    Estimate,
    Stratum,
    matched,
    pounds_difference,
    rate_difference,
)
from openlsi.campaigns.errors import CampaignError
from openlsi.campaigns.register import EVALUATED, Register
from openlsi.disclosure.effects import FEWEST
from openlsi.home import Home

Against = Literal["holdout", "comparison"]
Verdict = Literal["effect_shown", "no_effect_shown", "cannot_be_told"]
_TRAITS = ("age_group", "living_standards_class", "has_partner", "has_children")
_ARMS = f"""
    select
        contacts.arm,
        {", ".join(f"contacts.{name}" for name in _TRAITS)},
        count(*) as household_count,
        count(awards.household_key) as awarded_count,
        coalesce(sum(pounds), 0)::double as pounds,
        coalesce(sum(pounds * pounds), 0)::double as squared_pounds
    from warehouse.marts.fct_campaign_contacts as contacts
    left join (
        select *, coalesce(annualised_gbp, 0) + coalesce(one_off_gbp, 0) as pounds
        from warehouse.marts.fct_campaign_awards
        where campaign_key = $campaign
    ) as awards
        on contacts.household_key = awards.household_key
    where contacts.campaign_key = $campaign
    group by all
"""


_LINKED = """
    select count(*), count(*) filter (not is_linked), coalesce(sum(joined_count), 0)
    from warehouse.marts.fct_campaign_contacts where campaign_key = $campaign
"""


@dataclass(frozen=True)
class Evaluation:
    """An effect with its intervals, or the reason why there is none to tell.

    Pounds are of a year or once, as the campaign's benefit is paid; recognised from extracts.
    """

    campaign: str
    build_id: str
    against: Against | None
    contact: Arm | None
    other: Arm | None
    rate: Estimate | None
    pounds: Estimate | None
    matched_count: int
    cost_gbp: float
    reported: dict[str, Any]
    median_days: float | None
    why_not: str = ""

    @property
    def brought_gbp(self) -> float | None:
        """Pounds that the campaign brought about: the difference times those contacted."""
        if self.pounds is None or self.contact is None:
            return None
        return self.pounds.value * self.contact.household_count

    @property
    def verdict(self) -> Verdict:
        """What a committee asks first."""
        if self.rate is None:
            return "cannot_be_told"
        return "effect_shown" if self.rate.is_shown else "no_effect_shown"

    @property
    def result(self) -> str:
        """The result in a line; that no effect is shown is one."""
        if self.rate is None:
            return f"no effect can be told: {self.why_not}"
        points = f"{self.rate.value * 100:+.1f} points ({self.rate.low * 100:+.1f} to"
        told = f"{points} {self.rate.high * 100:+.1f}) more awarded than the {self.against}"
        return told if self.rate.is_shown else f"no effect shown: {told}"


def evaluate(home: Home, secure: Path, campaign: Campaign) -> Evaluation:
    """Measure a campaign on the current build and record the result in its register.

    Raises CampaignError where no cohort is frozen, or the build is older than it.
    """
    register = Register.read(home)
    found = measure(home, secure, campaign, register)
    register.append(
        EVALUATED, campaign.campaign, build_id=found.build_id, result=found.result,
        verdict=found.verdict, against=found.against or "", brought_gbp=found.brought_gbp,
    )  # fmt: skip
    return found


def measure(home: Home, secure: Path, campaign: Campaign, register: Register) -> Evaluation:
    """Measure a campaign on the current build, and leave it at that; raises as `evaluate`."""
    frozen = register.frozen(campaign.campaign)
    if frozen is None:
        raise CampaignError(
            f"{campaign.campaign}: no cohort is frozen, so there is nobody to compare"
        )
    if gone := register.let_go(campaign.campaign):
        raise CampaignError(
            f"{campaign.campaign}: its households were let go on {gone['at'][:10]}; `lsi campaign"
            f" show {campaign.campaign}` says what was measured before"
        )
    if not secure.is_file():
        raise CampaignError("no build yet; run `lsi run`")
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as con:
        file = str(secure).replace("'", "''")
        con.execute(f"attach '{file}' as warehouse (read_only)")
        return _evaluated(con, campaign, home.current.resolve().name)


def linked_counts(secure: Path, campaign: str) -> tuple[int, int, int]:
    """Return a cohort's households in the current build, those not met, and those joined to one."""
    if not secure.is_file():
        return 0, 0, 0
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as con:
        file = str(secure).replace("'", "''")
        con.execute(f"attach '{file}' as warehouse (read_only)")
        (row,) = con.execute(_LINKED, {"campaign": campaign}).fetchall()
    return int(row[0]), int(row[1]), int(row[2])


def _evaluated(con: duckdb.DuckDBPyConnection, campaign: Campaign, build_id: str) -> Evaluation:
    told = {"campaign": campaign.campaign}
    rows = con.execute(_ARMS, told).fetchall()
    if not rows:
        raise CampaignError(
            f"{campaign.campaign}: the current build was made before its cohort was frozen; run"
            " `lsi build`"
        )
    arms = {arm: _added([row for row in rows if row[0] == arm]) for arm in {row[0] for row in rows}}
    against: Against = "holdout" if "holdout" in arms else "comparison"
    contact, other = arms.get("contact"), arms.get(against)
    why_not = _why_not(campaign, contact, other)
    rate = pounds = None
    matched_count = 0
    if contact and other and not why_not:
        if against == "holdout":
            rate, pounds = rate_difference(contact, other), pounds_difference(contact, other)
            matched_count = contact.household_count
        else:
            rate, pounds, matched_count = matched(_strata(rows))
    return Evaluation(
        campaign.campaign, build_id, against if other else None, contact, other, rate, pounds,
        matched_count, float(campaign.cost_gbp), _reported(con, campaign), _median_days(con, told),
        why_not,
    )  # fmt: skip


def _why_not(campaign: Campaign, contact: Arm | None, other: Arm | None) -> str:
    if campaign.benefit is None:
        return "its file names no benefit that extracts could tell of"
    if other is None:
        return "nobody is held out, and it is for every district"
    if contact is None or min(contact.household_count, other.household_count) < FEWEST:
        return f"an arm has fewer than {FEWEST} households"
    return ""


def _added(rows: list[tuple[Any, ...]]) -> Arm:
    return Arm(
        sum(row[-4] for row in rows), sum(row[-3] for row in rows),
        sum(row[-2] for row in rows), sum(row[-1] for row in rows),
    )  # fmt: skip


def _strata(rows: list[tuple[Any, ...]]) -> list[Stratum]:
    nobody = Arm(0, 0, 0.0, 0.0)
    strata = {}
    for traits in {row[1:-4] for row in rows}:
        alike = {row[0]: _added([row]) for row in rows if row[1:-4] == traits}
        strata[traits] = Stratum(
            alike.get("contact", nobody), alike.get("comparison", nobody)
        )  # fmt: skip
    return list(strata.values())


def _reported(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> dict[str, Any]:
    found = con.execute(
        """
        select
            count(*) filter (applied_date is not null) as applied_count,
            count(*) filter (awarded_date is not null) as awarded_count,
            coalesce(sum(one_off_gbp), 0) as one_off_gbp,
            coalesce(sum(annualised_gbp), 0) as annualised_gbp,
            coalesce(sum(lifetime_gbp), 0) as lifetime_gbp,
            coalesce(sum(back_dated_gbp), 0) as back_dated_gbp
        from warehouse.marts.fct_campaign_outcomes
        where campaign_key = $campaign and outcome_source = 'reported'
        """,
        {"campaign": campaign.campaign},
    )
    names = [column[0] for column in found.description or []]
    return dict(zip(names, found.fetchall()[0], strict=True))


def _median_days(con: duckdb.DuckDBPyConnection, told: dict[str, Any]) -> float | None:
    (row,) = con.execute(
        "select median(days_until_award_count) from warehouse.marts.fct_campaign_outcomes"
        " where campaign_key = $campaign and arm = 'contact' and outcome_source = 'recognised'",
        told,
    ).fetchall()
    return None if row[0] is None else float(row[0])
