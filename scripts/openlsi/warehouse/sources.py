"""The relations that dbt reads: views over the parquet which the ledger names, and configuration.

Only files that a ledger line names are listed, so a stray file in landing changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from openlsi.campaigns.definition import load_campaigns
from openlsi.campaigns.fields import campaign_fields
from openlsi.campaigns.tables import campaign_tables
from openlsi.config import Configuration
from openlsi.config.budgets import budget_table, load_budgets
from openlsi.config.scheme_tables import alternative_table, band_table, scheme_table
from openlsi.config.schemes import load_schemes
from openlsi.home import Home
from openlsi.warehouse.project import project_directory

_SHARING = pa.schema([("sharing", pa.string()), ("title", pa.string()), ("feed", pa.string())])
# Said, because a county may have no such district.
_WITHOUT = pa.schema([(name, pa.string()) for name in ("district_code", "feed", "reason")])


@dataclass(frozen=True)
class Sources:
    """Everything a build reads.

    `landing` maps feed and record to the parquet files of all accepted extracts; `empty` gives the
    columns of each record that can be landed, for those that are not yet; `tables` are small
    relations (schema and name to Arrow table); `links` is the folder of the link set.
    """

    landing: Mapping[tuple[str, str], Sequence[Path]]
    empty: Mapping[tuple[str, str], pa.Schema]
    tables: Mapping[tuple[str, str], pa.Table]
    links: Path


def configuration_tables(configuration: Configuration) -> dict[tuple[str, str], pa.Table]:
    """Return the county's configuration as relations of the schema `configuration`."""
    districts = [
        {
            "district_code": district.code,
            "district_name": district.name,
            "district_slug": district.slug,
            "credits_posted": district.credits_posted,
        }
        for district in configuration.districts
    ]
    feeds = [
        {
            "district_code": district.code,
            "feed": feed,
            "feed_title": configuration.feeds[feed].title,
            "layout": layout,
            "due_day": configuration.feeds[feed].due_day,
        }
        for district in configuration.districts
        for feed, layout in district.feeds.items()
    ]
    of_districts = {district.code for district in configuration.districts}
    senders = [
        {
            "sender_code": sender.code,
            "sender_name": sender.name,
            "is_district": sender.code in of_districts,
        }
        for sender in configuration.senders
    ]
    without = [
        {"district_code": district.code, "feed": feed, "reason": reason}
        for district in configuration.districts
        for feed, reason in district.without.items()
    ]
    return {
        ("configuration", "county"): pa.table(
            {
                "county_code": [configuration.county_code],
                "county_name": [configuration.county_name],
            }
        ),
        ("configuration", "neighbour"): pa.table(
            {"authority_code": pa.array(configuration.neighbours, pa.string())}
        ),
        ("configuration", "sharing"): pa.Table.from_pylist(
            [
                {"sharing": name, "title": one.title, "feed": feed}
                for name, one in configuration.sharings.items()
                for feed in one.feeds
            ],
            schema=_SHARING,
        ),
        ("configuration", "sender"): pa.Table.from_pylist(senders),
        ("configuration", "district"): pa.Table.from_pylist(districts),
        ("configuration", "district_feed"): pa.Table.from_pylist(feeds),
        ("configuration", "district_without"): pa.Table.from_pylist(without, _WITHOUT),
    }


def scheme_tables(home: Home) -> dict[tuple[str, str], pa.Table]:
    """Return the working-age schemes of the configuration as relations."""
    schemes = load_schemes(home)
    return {
        ("configuration", "scheme"): scheme_table(schemes),
        ("configuration", "scheme_band"): band_table(schemes),
        ("configuration", "scheme_alternative"): alternative_table(schemes),
    }


def budget_tables(home: Home, configuration: Configuration) -> dict[tuple[str, str], pa.Table]:
    """Return the budgets that districts gave for Council Tax Support as a relation."""
    return {("configuration", "cts_budget"): budget_table(load_budgets(home, configuration))}


def campaign_sources(
    home: Home, configuration: Configuration, links: Path
) -> dict[tuple[str, str], pa.Table]:
    """Return campaigns with their cohorts and reported outcomes as relations."""
    fields = campaign_fields(project_directory())
    return campaign_tables(home, load_campaigns(home, fields, configuration), links)


def _lay_view(con: duckdb.DuckDBPyConnection, name: str, files: Sequence[Path]) -> None:
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
    con.execute(
        f"create or replace view {name} as"
        f" select * from read_parquet([{listed}], hive_partitioning = false)"
    )


def _lay_table(con: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    con.register("arriving", rows)
    con.execute(f"create or replace table {name} as select * from arriving")
    con.unregister("arriving")


def lay_sources(con: duckdb.DuckDBPyConnection, sources: Sources) -> None:
    """Create the schemas of all sources in an open building file."""
    for schema in ("landing", "links", "configuration", "campaigns"):
        con.execute(f"create schema if not exists {schema}")
    for (feed, record), files in sources.landing.items():
        _lay_view(con, f"landing.{feed}__{record}", files)
    for (feed, record), columns in sources.empty.items():
        if (feed, record) not in sources.landing:
            _lay_table(con, f"landing.{feed}__{record}", columns.empty_table())
    for (schema_name, table), rows in sources.tables.items():
        _lay_table(con, f"{schema_name}.{table}", rows)
    for name in ("person", "benefit_unit", "match_rate", "pupil_household"):
        _lay_view(con, f"links.{name}", [sources.links / f"{name}.parquet"])
