"""Keys of households that records of a district give: of those that go, and under another key id.

A household's key is made of the key of one record (see identity.linkage_units), so it changes with
the district's key, and cohorts of campaigns, which no link set makes anew, have to follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from openlsi.extract.chain import Ledger
from openlsi.extract.rewriting import Custody, record_of
from openlsi.identity.erased_rows import LandedRecord
from openlsi.identity.linkage_sources import SOURCES, Source
from openlsi.identity.linkage_units import household_key_sql
from openlsi.identity.rotation import remake_keys


def key_id_at(ledger: Ledger, district_code: str, at: str, now: str) -> str:
    """Return the key id that a district was keyed with at a time; `now` is that of today."""
    rotations = [e for e in ledger.events("keys_rotated") if e["district_code"] == district_code]
    later = [event for event in rotations if event["recorded_at"] > at]
    return str(later[0]["former_key_id"]) if later else now


def keys_by_now(opened: Custody, former_key_id: str) -> pa.Table:
    """Return, for every record in the vault, the household's key that it gave under a former key id
    and the one that it gives now: a row a record, `former` and `now`.
    """
    identities = [
        (opened.spec(*found), [table])
        for tables in opened.segments().values()
        for name, table in tables.items()
        if (found := record_of(name))
    ]
    # The vault has the keys of now beside what they are made of, so those of then are made again.
    remake_keys(opened.connection, replace(opened.keys, key_id=former_key_id), identities)
    selects = " union all ".join(_renamed_sql(opened, source) for source in _sources(opened))
    if not selects:
        return pa.table({name: pa.array([], pa.string()) for name in ("former", "now")})
    return opened.connection.execute(selects).to_arrow_table()


def _sources(opened: Custody) -> Iterator[Source]:
    for source in SOURCES:
        if source.is_unit and source.feed in opened.definitions:
            yield source


def _renamed_sql(opened: Custody, source: Source) -> str:
    purpose, _ = opened.spec(source.feed, source.record).keys[source.key]
    district = f"'{opened.district.code}'"
    former, now = (
        household_key_sql(district, f"'{source.mark}:' || {key}") for key in ("key", "former")
    )
    return f"select {former} as former, {now} as now from remade where purpose = '{purpose}'"


def households_of_rows(opened: Custody, records: Sequence[LandedRecord], links: Path) -> pa.Array:
    """Return the households of which landed rows go, by every key that they were ever known by.

    `affected_<record>` must have been made (see identity.erased_rows); `links` is the link set of
    what is landed. One too many is found sooner than one too few: of an account that two households
    share, both.
    """
    connection, district = opened.connection, {"district": opened.district.code}
    connection.execute("create or replace temp table gone_source (source varchar, key varchar)")
    connection.execute("create or replace temp table gone_household (key varchar)")
    by_name: dict[str, Any] = {landed.name: landed for landed in records}
    for source in _sources(opened):
        landed = by_name.get(f"{source.feed}__{source.record}")
        if landed is None or not landed.files:
            continue
        # distinct: a record stands in every month
        connection.execute(
            f"insert into gone_source select distinct '{source.name}', landed.{source.key}"
            f" from {landed.relation} as landed join {landed.affected} as affected"
            " on affected.extract_id = landed.extract_id and affected.row = landed.file_row_number"
            " where affected.is_gone"
        )
        key = household_key_sql("$district", f"'{source.mark}:' || key")
        connection.execute(
            f"insert into gone_household select {key} from gone_source"
            f" where source = '{source.name}'",
            district,
        )
    units, known_as = (str(links / f"{name}.parquet") for name in ("benefit_unit", "known_as"))
    connection.execute(
        "insert into gone_household select household_key from read_parquet($units)"
        " where district_code = $district"
        " and (source, source_key) in (select (source, key) from gone_source)",
        district | {"units": units},
    )
    found = connection.execute(
        "select key from gone_household union"
        " select known_as_key from read_parquet($known_as)"
        " where household_key in (select key from gone_household)",
        {"known_as": known_as},
    )
    return found.to_arrow_table()["key"].combine_chunks()
