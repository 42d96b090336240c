"""Campaigns past their retention: their households let go, and what is kept to explain results by.

Totals by district and arm stay in the register, which no page reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from openlsi.campaigns.custody import Holding, holding
from openlsi.campaigns.definition import Campaign
from openlsi.campaigns.holdings import remove_strays
from openlsi.campaigns.outcomes import DATES, POUNDS
from openlsi.campaigns.register import COMPLETED, LET_GO, Register
from openlsi.config.county import ConfigurationError, configuration_file, read_yaml
from openlsi.config.retention import first_kept
from openlsi.home import Home

_RECOGNISED = """
    select district_code, arm, count(*) as awarded,
        coalesce(sum(annualised_gbp), 0)::decimal(18, 2)::varchar as annualised_gbp,
        coalesce(sum(one_off_gbp), 0)::decimal(18, 2)::varchar as one_off_gbp
    from warehouse.marts.fct_campaign_awards where campaign_key = $campaign
    group by all order by all
"""


class CampaignLimits(BaseModel):
    """Section `campaigns` of limits.yml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    retention_months: int = Field(default=24, ge=1, le=120)


@dataclass(frozen=True)
class PastCampaign:
    """A campaign past its retention: since when it is over, how long it was kept, and its totals.

    `last_day` is None where no file names the campaign any more: nothing allows its households.
    """

    campaign: str
    last_day: date | None
    retention_months: int
    households: int
    told: int
    totals: Mapping[str, Any]


def load_campaign_limits(home: Home) -> CampaignLimits:
    """Return the county's limits for campaigns; raises ConfigurationError with what is wrong."""
    path = configuration_file(home, "limits.yml")
    content = read_yaml(path)
    section = content.get("campaigns") if isinstance(content, dict) else None
    try:
        return CampaignLimits.model_validate(section or {})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in ("campaigns", *first["loc"]))
        raise ConfigurationError(f"{path}: {where}: {first['msg']}") from None


def months_kept(campaign: Campaign, limits: CampaignLimits) -> int:
    """Return the months that a campaign's households are kept: its own word before the county's."""
    return campaign.retention_months or limits.retention_months


def past_campaigns(
    home: Home, campaigns: Mapping[str, Campaign], secure: Path, today: date
) -> list[PastCampaign]:
    """Return the campaigns of which households are held past their retention, with their totals.

    Counted from the last day, or from the day on which it was said to be over if that came first.
    Raises CampaignError for a file that is not as it was written: it could not be added up.
    """
    register, limits = Register.read(home), load_campaign_limits(home)
    found = []
    for name in register.campaigns():
        if not register.cohorts(name):
            continue
        campaign = campaigns.get(name)
        last_day = _last_day(campaign, register) if campaign else None
        months = months_kept(campaign, limits) if campaign else 0
        if last_day and last_day.replace(day=1) >= first_kept(today, months):
            continue
        held = holding(home, register, name)
        found.append(
            PastCampaign(
                name, last_day, months, sum(one.num_rows for one in held.cohorts.values()),
                sum(one.num_rows for one in held.outcomes.values()),
                _totals(held) | {"recognised": _recognised(secure, name)},
            )
        )  # fmt: skip
    return found


def _last_day(campaign: Campaign, register: Register) -> date:
    completed = register.day_of(campaign.campaign, COMPLETED)
    return min(campaign.ends, completed) if completed else campaign.ends


def let_go(home: Home, past: list[PastCampaign], today: date) -> None:
    """Record what is let go, a line a campaign, then remove its files; run again if killed."""
    register = Register.read(home)
    for one in past:
        register.append(
            LET_GO, one.campaign, today=today.isoformat(), retention_months=one.retention_months,
            last_day=one.last_day.isoformat() if one.last_day else None, totals=one.totals,
        )  # fmt: skip
    remove_strays(home, register)


def _totals(held: Holding) -> dict[str, Any]:
    """Return households and expected pounds by district and arm, and what officers told of them."""
    cohorts, told = {}, {}
    latest = _latest(held)
    for slug, cohort in held.cohorts.items():
        cohorts[slug] = {
            arm: _arm_totals(cohort.filter(pc.equal(cohort["arm"], arm)))
            for arm in sorted(pc.unique(cohort["arm"]).to_pylist())
        }
        refs = set(cohort["case_ref"].to_pylist())
        rows = [row for ref, row in latest.items() if ref in refs]
        told[slug] = {name.removesuffix("_on"): _count(rows, name) for name in DATES} | {
            name: f"{_pounds(rows, name):.2f}" for name in POUNDS
        }
    return {"cohorts": cohorts, "reported": told}


def _latest(held: Holding) -> dict[str, dict[str, Any]]:
    """Return the last word on each reference."""
    latest: dict[str, dict[str, Any]] = {}
    for table in held.outcomes.values():
        latest |= {row["case_ref"]: row for row in table.to_pylist()}
    return latest


def _arm_totals(arm: pa.Table) -> dict[str, Any]:
    pounds = pc.sum(arm["expected_gbp"]).as_py() or Decimal(0)
    return {"households": arm.num_rows, "expected_gbp": f"{pounds:.2f}"}


def _count(rows: list[dict[str, Any]], name: str) -> int:
    return sum(row[name] is not None for row in rows)


def _pounds(rows: list[dict[str, Any]], name: str) -> Decimal:
    return sum((row[name] for row in rows if row[name] is not None), Decimal(0))


def _recognised(secure: Path, campaign: str) -> dict[str, Any] | None:
    """Return awards that the current build recognises, by district and arm; None without a build.

    They are what effects are measured on, and cannot be made again without the households.
    """
    if not secure.is_file():
        return None
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as con:
        file = str(secure).replace("'", "''")
        con.execute(f"attach '{file}' as warehouse (read_only)")
        there = con.execute(
            "select 1 from duckdb_tables() where database_name = 'warehouse'"
            " and schema_name = 'marts' and table_name = 'fct_campaign_awards'"
        ).fetchone()
        if not there:
            return None
        found = con.execute(_RECOGNISED, {"campaign": campaign}).to_arrow_table().to_pylist()
    return {"build_id": secure.resolve().parent.name, "awards": found}
