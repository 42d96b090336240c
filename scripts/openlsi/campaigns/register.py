"""Where each campaign stands: approvals, cohorts, outcome files, results, in a chained log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from openlsi.campaigns.definition import Campaign
from openlsi.campaigns.errors import CampaignError
from openlsi.chained_log import ChainedLog
from openlsi.home import Home

Stage = Literal["planned", "approved", "running", "completed", "evaluated"]
APPROVED, FROZEN, OUTCOMES = "campaign_approved", "campaign_frozen", "campaign_outcomes"
COMPLETED, EVALUATED = "campaign_completed", "campaign_evaluated"
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
