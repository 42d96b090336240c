"""Where each campaign stands: approvals, cohorts, outcome files, results, in a chained log.

It holds hashes and counts, never a household. What custody does to a cohort later is an event, too,
which names the files that count from then on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from openlsi.campaigns.definition import Campaign
from openlsi.campaigns.errors import CampaignError
from openlsi.chained_log import ChainedLog
from openlsi.home import Home

Stage = Literal["planned", "approved", "running", "completed", "evaluated"]
APPROVED, FROZEN, OUTCOMES = "campaign_approved", "campaign_frozen", "campaign_outcomes"
COMPLETED, EVALUATED = "campaign_completed", "campaign_evaluated"
# What custody does: somebody erased, a district's keys made anew, all households let go.
TAKEN_OUT, REKEYED, LET_GO = "campaign_taken_out", "campaign_rekeyed", "campaign_let_go"
# A district's cohort as it is first written.
COHORT = "cohort.parquet"
_STAGES: dict[str, Stage] = {
    APPROVED: "approved",
    FROZEN: "running",
    COMPLETED: "completed",
    EVALUATED: "evaluated",
}


@dataclass
class Register:
    """The events of all campaigns, oldest first, and the place to append to."""

    log: ChainedLog

    @classmethod
    def read(cls, home: Home) -> Register:
        """Read and verify the chain; raises CampaignError with the line at which it breaks."""
        path = home.campaigns / "register.jsonl"
        return cls(ChainedLog.read(path, "campaigns", CampaignError))

    @property
    def state(self) -> str:
        """Tell all that the register holds from every other state of it."""
        return self.log.events[-1]["hash"] if self.log.events else ""

    def append(self, kind: str, campaign: str, **told: Any) -> None:
        """Append one event of a campaign; when this returns it is committed."""
        self.log.append({"event": kind, "campaign": campaign, **told})

    def of(self, campaign: str, kind: str) -> list[dict[str, Any]]:
        """Return a campaign's events of one kind, oldest first."""
        return [event for event in self.log.of(kind) if event["campaign"] == campaign]

    def stage(self, campaign: str) -> Stage:
        """Return where a campaign stands: as far as it has come, without its outcomes' files.

        One that is measured while it runs goes on running; it is evaluated once it was completed.
        """
        reached: Stage = "planned"
        for event in self.log.events:
            if event["campaign"] == campaign and event["event"] in _STAGES:
                if event["event"] == EVALUATED and reached == "running":
                    continue
                reached = _STAGES[event["event"]]
        return reached

    def day_of(self, campaign: str, kind: str) -> date | None:
        """Return the day of a campaign's last event of a kind, if there is one.

        An event may say which day it is about, where that is not the day it was recorded on.
        """
        events = self.of(campaign, kind)
        return date.fromisoformat(events[-1].get("on", events[-1]["at"])[:10]) if events else None

    def frozen(self, campaign: str) -> dict[str, Any] | None:
        """Return the event that fixed a campaign's cohort, if one has."""
        return next(iter(self.of(campaign, FROZEN)), None)

    def campaigns(self) -> list[str]:
        """Return every campaign that has an event, by name."""
        return sorted({event["campaign"] for event in self.log.events})

    def cohorts(self, campaign: str) -> dict[str, dict[str, Any]]:
        """Return what counts of a cohort by now, by district's slug: file, sha256 and arms."""
        held: dict[str, dict[str, Any]] = {}
        for event in self.log.events:
            if event["campaign"] != campaign:
                continue
            if event["event"] == FROZEN:
                held = {
                    s: {"file": "cohort.parquet", **told} for s, told in event["cohorts"].items()
                }
            elif event["event"] in (TAKEN_OUT, REKEYED):
                held |= event["cohorts"]
            elif event["event"] == LET_GO:
                held = {}
        return held

    def outcome_files(self, campaign: str) -> dict[str, dict[str, Any]]:
        """Return what counts of recorded outcomes by now, by first name: file, sha256 and rows."""
        held: dict[str, dict[str, Any]] = {}
        for event in self.log.events:
            if event["campaign"] != campaign:
                continue
            if event["event"] == OUTCOMES:
                held[event["stored"]] = {
                    "file": event["stored"], "sha256": event["stored_sha256"],
                    "rows": event["rows"],
                }  # fmt: skip
            elif event["event"] in (TAKEN_OUT, REKEYED):
                held |= event["outcomes"]
            elif event["event"] == LET_GO:
                held = {}
        return held

    def let_go(self, campaign: str) -> dict[str, Any] | None:
        """Return the event by which a campaign's households were let go, if they were."""
        return next(iter(self.of(campaign, LET_GO)), None)

    def taken_out_at(self) -> datetime | None:
        """Return when a household was last taken out, keyed anew or let go (UTC), if ever."""
        times = [e["at"] for e in self.log.events if e["event"] in (TAKEN_OUT, REKEYED, LET_GO)]
        return datetime.fromisoformat(times[-1]) if times else None

    def approve(self, campaign: Campaign, by: str, why: str) -> None:
        """Record who approves a definition as it is worded now.

        Raises CampaignError without a name and reason, and once the cohort is fixed.
        """
        for option, text in (("--by", by), ("--why", why)):
            if not text.strip():
                raise CampaignError(f"{option}: found nothing; expected who decides, and why")
        if self.frozen(campaign.campaign):
            raise CampaignError(
                f"{campaign.campaign}: its cohort is frozen already, so there is nothing left to"
                " approve; a further round is a campaign of its own"
            )
        self.append(
            APPROVED, campaign.campaign, by=by.strip(), why=why.strip(),
            definition=campaign.fingerprint,
        )  # fmt: skip

    def check_approved(self, campaign: Campaign) -> None:
        """Refuse a campaign that nobody approved as it is worded now, with CampaignError."""
        approvals = self.of(campaign.campaign, APPROVED)
        ask = f"`lsi campaign approve {campaign.campaign} --by NAME --why TEXT`"
        if not approvals:
            raise CampaignError(f"{campaign.campaign}: nobody has approved it; {ask}")
        if approvals[-1]["definition"] != campaign.fingerprint:
            raise CampaignError(
                f"{campaign.campaign}: its file was changed after {approvals[-1]['by']} approved"
                f" it; {ask} again"
            )

    def complete(self, campaign: str, by: str) -> None:
        """Record that a running campaign is over; raises CampaignError for one that is not."""
        if self.stage(campaign) != "running":
            raise CampaignError(f"{campaign}: it is {self.stage(campaign)}, not running")
        self.append(COMPLETED, campaign, by=by)
