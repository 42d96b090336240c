"""Linking keys past the retention of their sharing, which may be shorter than their feed's.

The keys are emptied in landing, which is what links; the rows and all else of the month stay for as
long as the feed allows. The vault keeps, sealed, what the keys were made of for just as long, so
that nothing would be gained by emptying them there. Keys of a sharing that districts.yml names no
more are past their retention whatever their month: it is what allowed them (definition 27).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from openlsi.config import Configuration
from openlsi.extract.records import Record
from openlsi.extract.rewriting import Custody


@dataclass(frozen=True)
class PastLinks:
    """Linking keys of one record of one extract that are past their sharing's retention."""

    entry: dict[str, Any]
    record: str
    sharing: str
    columns: tuple[str, ...]
    keys: int

    @property
    def month(self) -> date:
        """The month of the extract."""
        return date.fromisoformat(self.entry["month"])


def past_links(
    opened: Custody,
    entries: Iterable[dict[str, Any]],
    is_past: Callable[[date, int], bool],
) -> list[PastLinks]:
    """Return the linking keys that go from these extracts, where there are any left to go."""
    found = []
    for entry in entries:
        for landed in entry["records"]:
            name = landed["record"]
            columns = _columns(opened.definitions, entry["feed"], name)
            for sharing, named in columns.items():
                if not _is_past(opened.configuration, sharing, entry, is_past):
                    continue
                keys = _count(opened.connection, opened.home.landing / landed["path"], named)
                if keys:
                    found.append(PastLinks(entry, name, sharing, named, keys))
    return found


def write_without_links(
    connection: duckdb.DuckDBPyConnection, columns: Iterable[str], source: Path, target: Path
) -> None:
    """Write a file of landing with these columns emptied."""
    emptied = ", ".join(f"cast(null as varchar) as {column}" for column in columns)
    connection.execute(
        f"copy (select * replace ({emptied}) from {_relation(source)}) to {_quoted(target)}"
        " (format parquet, compression zstd, compression_level 1)"
    )


def told(found: Iterable[PastLinks], configuration: Configuration) -> dict[str, dict[str, Any]]:
    """Return for the ledger what goes, by sharing: months, retention, and how many keys."""
    by_sharing: dict[str, list[PastLinks]] = {}
    for one in found:
        by_sharing.setdefault(one.sharing, []).append(one)
    return {
        name: {
            "first_month": min(one.month for one in parts).isoformat(),
            "last_month": max(one.month for one in parts).isoformat(),
            "retention_months": configuration.sharings[name].retention_months
            if name in configuration.sharings
            else 0,
            "keys": sum(one.keys for one in parts),
        }
        for name, parts in sorted(by_sharing.items())
    }


def _columns(definitions: Mapping[str, Any], feed: str, record: str) -> dict[str, tuple[str, ...]]:
    """Return the linking keys of a record by sharing; official workbooks have none."""
    if feed not in definitions or record not in definitions[feed].records:
        return {}
    definition: Record = definitions[feed].records[record]
    by_sharing: dict[str, list[str]] = {}
    for name, column in definition.keys.items():
        if column.link is not None:
            by_sharing.setdefault(column.link, []).append(name)
    return {sharing: tuple(names) for sharing, names in by_sharing.items()}


def _is_past(
    configuration: Configuration,
    sharing: str,
    entry: Mapping[str, Any],
    is_past: Callable[[date, int], bool],
) -> bool:
    named = configuration.sharings.get(sharing)
    if named is None or entry["feed"] not in named.feeds:
        return True
    return is_past(date.fromisoformat(entry["month"]), named.retention_months)


def _count(connection: duckdb.DuckDBPyConnection, path: Path, columns: tuple[str, ...]) -> int:
    counts = " + ".join(f"count({column})" for column in columns)
    (keys,) = connection.execute(f"select {counts} from {_relation(path)}").fetchone() or (0,)
    return int(keys)


def _relation(path: Path) -> str:
    return f"read_parquet({_quoted(path)}, hive_partitioning = false)"


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
