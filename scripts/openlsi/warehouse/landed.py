"""What the ledger says is landed, in the form that a build reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from openlsi.config import Configuration
from openlsi.config.county import configuration_files
from openlsi.extract.ledger import accepted_extracts, held_at, in_force_at
from openlsi.extract.official import landing_schema
from openlsi.extract.records import load_feed_definitions
from openlsi.extract.workbooks import load_families
from openlsi.home import Home
from openlsi.objectives.tables import objective_tables
from openlsi.warehouse.sources import (
    Sources,
    budget_tables,
    campaign_sources,
    configuration_tables,
    scheme_tables,
)

# One district's one month: what an extract tells of. The code is empty for what no district sends.
Slice = tuple[str, date]

_EXTRACTS = """
select
    extract_id, feed, district_code, month, layout, mode,
    cast(produced_at as timestamp) as produced_at,
    cast(arrived_at as timestamp) as arrived_at,
    physical_rows, structural_rows, accepted_rows, quarantined_rows, other_month_rows,
    cast(accepted_gbp as decimal(18, 2)) as accepted_gbp,
    cast(quarantined_gbp as decimal(18, 2)) as quarantined_gbp,
    cast(other_month_gbp as decimal(18, 2)) as other_month_gbp
from extracts
order by extract_id
"""

_PERIODS = """
with listed as (select extract_id, unnest(periods) as period from extracts)
select
    extract_id,
    cast(period.known_from as timestamp) as known_from,
    cast(period.known_to as timestamp) as known_to
from listed
order by extract_id, known_from
"""

# A hold that the limits made began when the extract arrived.
_HOLDS = """
with listed as (select extract_id, arrived_at, unnest(holds) as hold from extracts)
select
    extract_id,
    cast(coalesce(hold.held_from, arrived_at) as timestamp) as held_from,
    cast(hold.held_to as timestamp) as held_to
from listed
order by extract_id, held_from
"""

_RECORDS = """
with listed as (select extract_id, unnest(records) as landed from extracts)
select
    extract_id, landed.record as record,
    cast(landed.rows as bigint) as landed_rows,
    cast(landed.gbp as decimal(18, 2)) as landed_gbp
from listed
order by extract_id, record
"""

_REASONS = """
with listed as (select extract_id, unnest(quarantine_reasons) as kept_out from extracts)
select
    extract_id, kept_out.record as record, kept_out.reason as reason,
    kept_out.column_name as column_name,
    cast(kept_out.rows as bigint) as quarantined_rows,
    cast(kept_out.gbp as decimal(18, 2)) as quarantined_gbp
from listed
order by extract_id, record, reason, column_name
"""

_TYPES: dict[str, pa.DataType] = {
    "key": pa.string(),
    "link_key": pa.string(),
    "area": pa.string(),
    "code": pa.string(),
    "financial_year": pa.string(),
    "age": pa.int64(),
    "integer": pa.int64(),
    "date": pa.date32(),
    "pension_age_month": pa.date32(),
    "age_month": pa.date32(),
    "born_on_or_after": pa.bool_(),
    "public_code": pa.string(),
    "boolean": pa.bool_(),
    "money": pa.decimal128(18, 2),
}
_EVERY_RECORD = [
    ("extract_id", pa.string()),
    ("district_code", pa.string()),
    ("month", pa.date32()),
    ("source_row", pa.int64()),
]


def landing_state(home: Home, known_at: datetime) -> list[tuple[str, int, bool, bool]]:
    """Return the extracts that had arrived by an instant, each with its revision, and whether it
    was in force or held then.

    That is all of landing that decides: when an extract was loaded shows in no figure but by this.
    """
    rows = accepted_extracts(home).to_pylist()
    return sorted(
        (
            row["extract_id"],
            row["revision"],
            in_force_at(row, known_at),
            held_at(row, known_at),
        )
        for row in rows
        if row["arrived_at"] <= known_at
    )


def landing_files(home: Home, extracts: pa.Table) -> dict[tuple[str, str], list[Path]]:
    """Return the parquet files of these extracts by feed and record."""
    files: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for extract in extracts.select(["feed", "records"]).to_pylist():
        for landed in extract["records"]:
            files[(extract["feed"], landed["record"])].append(home.landing / landed["path"])
    return {name: sorted(paths) for name, paths in files.items()}


def empty_records(home: Home) -> dict[tuple[str, str], pa.Schema]:
    """Return the landing columns of every record that can be landed, by feed and record."""
    official = {
        (family.feed, name): landing_schema(record)
        for family in load_families(configuration_files(home, "workbooks")).values()
        for name, record in family.schemas().items()
    }
    return official | {
        (feed, name): pa.schema(
            [
                *_EVERY_RECORD,
                *((column, _TYPES[kind.type]) for column, kind in record.columns.items()),
            ]
        )
        for feed, definition in load_feed_definitions(home).items()
        for name, record in definition.records.items()
    }


def slice_of(extract: dict[str, Any]) -> Slice:
    """Return the district and month that an accepted extract tells of."""
    return (extract["district_code"] or "", extract["month"])


def landed_sources(
    home: Home,
    configuration: Configuration,
    links: Path,
    slices: Collection[Slice] | None = None,
) -> Sources:
    """Return everything one build reads, from the ledger, the configuration and a link set.

    With `slices`, only the extracts of these districts' months, as if no other had been sent.
    """
    extracts = accepted_extracts(home)
    if slices is not None:
        extracts = pa.Table.from_pylist(
            [row for row in extracts.to_pylist() if slice_of(row) in slices], extracts.schema
        )
    with duckdb.connect(config={"temp_directory": ""}) as con:
        con.register("extracts", extracts)
        tables: dict[tuple[str, str], pa.Table] = {
            ("landing", name): con.sql(query).to_arrow_table()
            for name, query in (
                ("extracts", _EXTRACTS),
                ("extract_periods", _PERIODS),
                ("extract_holds", _HOLDS),
                ("extract_records", _RECORDS),
                ("quarantine_reasons", _REASONS),
            )
        }
    return Sources(
        landing=landing_files(home, extracts),
        empty=empty_records(home),
        tables=tables
        | configuration_tables(configuration)
        | scheme_tables(home)
        | budget_tables(home, configuration)
        | campaign_sources(home, configuration, links)
        | objective_tables(home),
        links=links,
    )
