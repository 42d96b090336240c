"""Cohorts of campaigns under custody: what `lsi erase`, `lsi retain` and `lsi keys rotate` do.

Campaigns know no vault and the vault no campaigns; they meet here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from openlsi.campaigns.custody import holdings, key_id_told, rekey, take_out
from openlsi.campaigns.definition import load_campaigns
from openlsi.campaigns.fields import campaign_fields
from openlsi.campaigns.holdings import remove_strays
from openlsi.campaigns.register import Register
from openlsi.campaigns.retention import PastCampaign, let_go, past_campaigns
from openlsi.cli.linking import link_landing
from openlsi.config import load_configuration
from openlsi.extract.alone import alone
from openlsi.extract.erasing import Forget
from openlsi.extract.household_names import households_of_rows, key_id_at, keys_by_now
from openlsi.extract.rewriting import Custody, custody
from openlsi.home import Home
from openlsi.identity.erased_rows import LandedRecord
from openlsi.warehouse.project import project_directory


def has_cohorts(home: Home, slug_or_code: str) -> bool:
    """Say whether any campaign holds households of a district, as they were written.

    Raises CampaignError where a file of them is lost or was changed.
    """
    district = load_configuration(home).district(slug_or_code)
    return bool(district and holdings(home, Register.read(home), district.slug))


def forgetting(home: Home, slug_or_code: str) -> Forget:
    """Return what takes an erased person's households out of a district's cohorts.

    Which households those are is told by the link set of what is landed, so that is made first
    where there are cohorts. Raises LsiError, with nothing changed, where it cannot be made.
    """
    links = link_landing(home).folder if has_cohorts(home, slug_or_code) else None

    def forget(opened: Custody, records: Sequence[LandedRecord], dry_run: bool) -> int:
        households = (
            households_of_rows(opened, records, links) if links else pa.array([], pa.string())
        )
        return take_out(home, opened.district.slug, households, dry_run)

    return forget


@dataclass(frozen=True)
class Followed:
    """Cohorts of a district that were given its keys of now."""

    campaigns: int
    households: int
    without_records: int


def follow_keys(home: Home, slug_or_code: str) -> Followed:
    """Give every cohort of a district the keys of now, a line of the register a campaign.

    Does nothing for those that have them: killed in between, run again.
    """
    followed = Followed(0, 0, 0)
    with custody(home, slug_or_code) as opened:
        register, slug = Register.read(home), opened.district.slug
        now = opened.keys.key_id
        for held in holdings(home, register, slug):
            frozen = register.frozen(held.campaign)
            told = key_id_told(register, held.campaign, slug)
            at = str(frozen["at"]) if frozen else ""
            former = told or key_id_at(opened.ledger, opened.district.code, at, now)
            if former == now:
                continue
            lost = rekey(home, register, slug, held, keys_by_now(opened, former), now)
            followed = Followed(
                followed.campaigns + 1, followed.households + held.cohorts[slug].num_rows,
                followed.without_records + lost,
            )  # fmt: skip
        remove_strays(home, register)
    return followed


def past_retention(home: Home, today: date) -> list[PastCampaign]:
    """Return the campaigns of which households are held past their retention."""
    fields, configuration = campaign_fields(project_directory()), load_configuration(home)
    campaigns = load_campaigns(home, fields, configuration)
    return past_campaigns(home, campaigns, home.current / "secure.duckdb", today)


def let_go_past(home: Home, past: list[PastCampaign], today: date) -> None:
    """Let go of campaigns, while nobody else changes one; and of files that a killed run left."""
    with alone(home):
        let_go(home, past, today)


def past_words(past: list[PastCampaign], verb: str) -> list[str]:
    """Return what goes of each campaign, a line each."""
    return [
        f"campaign {one.campaign}, "
        + (f"over since {one.last_day}" if one.last_day else "which no file names any more")
        + f": {one.households:,} households and {one.told:,} told outcomes {verb}; totals stay"
        for one in past
    ]
