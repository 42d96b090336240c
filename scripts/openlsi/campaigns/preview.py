"""How many a campaign is for, by district, and pounds: through the rules of what is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from openlsi.campaigns.cohort import choosing
from openlsi.campaigns.definition import Campaign
from openlsi.campaigns.fields import Field
from openlsi.config.county import Configuration, configuration_files
from openlsi.disclosure.publishing import publish_specs
from openlsi.disclosure.reading import load_specs
from openlsi.home import Home

FIGURES = ("eligible_count", "marked_count", "contacted_count", "target_count", "expected_gbp")
_FIGURES_SQL = """
    cast($campaign as varchar) as campaign,
    count(*) as eligible_count,
    count(*) filter (left_out = 'marked') as marked_count,
    count(*) filter (left_out = 'contacted') as contacted_count,
    count(*) filter (left_out is null) as target_count,
    coalesce(sum(expected_gbp) filter (left_out is null), 0) as expected_gbp,
    coalesce(max(expected_gbp) filter (left_out is null), 0) as largest_expected_gbp
"""


@dataclass(frozen=True)
class Preview:
    """A campaign's size today; each figure is a number, or the mark in its place."""

    county: Mapping[str, float | str]
    # By name of district.
    districts: Mapping[str, Mapping[str, float | str]]


def preview(
    home: Home,
    secure: Path,
    campaign: Campaign,
    fields: Mapping[str, Field],
    configuration: Configuration,
    today: date,
) -> Preview:
    """Say how many households the filter holds for, who is left out, and a year's pounds.

    Counts under ten and what would give them away are hidden, others rounded, as on the site.
    Raises CampaignError where there is no build.
    """
    with choosing(home, secure, campaign, fields, configuration, today) as con:
        told = {"campaign": campaign.campaign}
        con.execute("create schema metrics")
        con.execute(
            f"create table metrics.county as select {_FIGURES_SQL} from chosen where is_here"
            " having count(*) > 0",
            told,
        )
        con.execute(
            f"create table metrics.district as select district_code, {_FIGURES_SQL} from chosen"
            " where is_here group by district_code",
            told,
        )
        specs = load_specs(configuration_files(home, "campaign_previews"))
        parameters: dict[str, str | bool | date] = {
            "build_id": "preview",
            "is_demo": configuration.is_demo,
        }
        publish_specs(con, specs, "public", parameters)
        names = {one.code: one.name for one in configuration.districts}
        county = _rows(con, "county")
        districts = {names[row["district_code"]]: _figures(row) for row in _rows(con, "district")}
    return Preview(_figures(county[0]) if county else dict.fromkeys(FIGURES, 0), districts)


def _rows(con: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, Any]]:
    found = con.execute(f'from published."{table}"')
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _figures(row: Mapping[str, Any]) -> dict[str, float | str]:
    return {
        name: f"[{row[f'{name}_mark']}]" if row[name] is None else row[name] for name in FIGURES
    }
