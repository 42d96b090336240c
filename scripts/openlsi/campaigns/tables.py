"""Campaigns as relations that the warehouse reads: definitions, cohorts, reported outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from openlsi.campaigns.cohort import cohort_files
from openlsi.campaigns.definition import Campaign
from openlsi.campaigns.following import followed
from openlsi.campaigns.outcomes import SCHEMA, reported
from openlsi.campaigns.register import APPROVED, COMPLETED, EVALUATED, LET_GO, Register
from openlsi.home import Home

_MONEY = pa.decimal128(18, 2)
_CAMPAIGNS = pa.schema(
    [
        ("campaign_key", pa.string()),
        ("campaign_name", pa.string()),
        ("purpose", pa.string()),
        ("gateway", pa.string()),
        ("owner", pa.string()),
        ("benefit_code", pa.string()),
        ("channel", pa.string()),
        ("holdout_pct", _MONEY),
        ("starts_date", pa.date32()),
        ("ends_date", pa.date32()),
        ("let_go_date", pa.date32()),
        ("cost_gbp", _MONEY),
        ("filter_text", pa.string()),
        ("definition_text", pa.string()),
        ("district_slugs", pa.string()),
        ("stage", pa.string()),
        ("approved_date", pa.date32()),
        ("frozen_date", pa.date32()),
        ("frozen_build_id", pa.string()),
        ("completed_date", pa.date32()),
        ("evaluated_date", pa.date32()),
        ("evaluated_build_id", pa.string()),
        ("verdict", pa.string()),
        ("compared_with", pa.string()),
    ]
)
_COHORTS = pa.schema(
    [
        ("campaign_key", pa.string()),
        ("district_code", pa.string()),
        ("household_key", pa.string()),
        ("case_ref", pa.string()),
        ("arm", pa.string()),
        ("month", pa.date32()),
        ("age_group", pa.string()),
        ("living_standards_class", pa.string()),
        ("has_partner", pa.bool_()),
        ("has_children", pa.bool_()),
        ("expected_gbp", _MONEY),
        ("is_linked", pa.bool_()),
        ("joined_count", pa.int64()),
    ]
)
# As a cohort's files have it; the last two follow from linkage.
_WRITTEN = pa.schema(list(_COHORTS)[:-2])
_OUTCOMES = pa.schema([("campaign_key", pa.string()), *SCHEMA])


def campaign_tables(
    home: Home, campaigns: Mapping[str, Campaign], links: Path
) -> dict[tuple[str, str], pa.Table]:
    """Return the source tables of schema `campaigns`, households as this link set calls them.

    Raises CampaignError where a frozen cohort or recorded outcomes are not as they were written.
    """
    register = Register.read(home)
    cohorts, outcomes = [_WRITTEN.empty_table()], [_OUTCOMES.empty_table()]
    for name in campaigns:
        frozen = register.frozen(name)
        if frozen is None:
            continue
        for path in cohort_files(home, frozen):
            cohorts.append(_named(pq.read_table(path), name, _WRITTEN))
        outcomes.append(_named(reported(home, name, register), name, _OUTCOMES))
    cohort, outcome = followed(pa.concat_tables(cohorts), pa.concat_tables(outcomes), links)
    return {
        ("campaigns", "campaign"): pa.Table.from_pylist(
            [_row(one, register) for one in campaigns.values()], schema=_CAMPAIGNS
        ),
        ("campaigns", "cohort"): cohort.select(_COHORTS.names).cast(_COHORTS),
        ("campaigns", "reported_outcome"): outcome.select(_OUTCOMES.names).cast(_OUTCOMES),
    }


def _named(table: pa.Table, name: str, schema: pa.Schema) -> pa.Table:
    named = table.append_column("campaign_key", pa.array([name] * table.num_rows, pa.string()))
    return named.select(schema.names).cast(schema)


def _row(campaign: Campaign, register: Register) -> dict[str, Any]:
    name = campaign.campaign
    frozen = register.frozen(name)
    return {
        "campaign_key": name,
        "campaign_name": campaign.name,
        "purpose": campaign.purpose,
        "gateway": campaign.gateway,
        "owner": campaign.owner,
        "benefit_code": campaign.benefit,
        "channel": campaign.channel,
        "holdout_pct": campaign.holdout_pct,
        "starts_date": campaign.starts,
        "ends_date": campaign.ends,
        "let_go_date": register.day_of(name, LET_GO),
        "cost_gbp": campaign.cost_gbp,
        "filter_text": campaign.filter_text,
        "definition_text": campaign.as_yaml,
        "district_slugs": ", ".join(campaign.districts) or None,
        "stage": register.stage(name),
        "approved_date": register.day_of(name, APPROVED),
        "frozen_date": date.fromisoformat(frozen["today"]) if frozen else None,
        "frozen_build_id": frozen["build_id"] if frozen else None,
        "completed_date": register.day_of(name, COMPLETED),
        **_evaluated(register, name),
    }


def _evaluated(register: Register, name: str) -> dict[str, Any]:
    """Return what the last evaluation found, if there was one."""
    evaluations = register.of(name, EVALUATED)
    if not evaluations:
        return {}
    last = evaluations[-1]
    return {
        "evaluated_date": date.fromisoformat(last["at"][:10]),
        "evaluated_build_id": last["build_id"],
        "verdict": last["verdict"],
        "compared_with": last["against"] or None,
    }
