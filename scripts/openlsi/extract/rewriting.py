"""What is landed of a district, written anew under a further revision; one ledger line commits it.

New files stand beside the old ones until the line is written: before it the old ones count, after
it the new ones, and what does not count is removed by whoever writes next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from openlsi.config import Configuration, District, load_configuration
from openlsi.extract.alone import alone, tidied
from openlsi.extract.chain import Ledger
from openlsi.extract.database import identity_spec
from openlsi.extract.district_keys import district_keys
from openlsi.extract.keyed_chain import ledger_key
from openlsi.extract.landing import (
    finish,
    remove_strays,
    revision_name,
    stored_name,
    unfinished,
    writing,
)
from openlsi.extract.limits import Limits, load_limits
from openlsi.extract.people import record_people
from openlsi.extract.records import FeedDefinition, Record, load_feed_definitions
from openlsi.extract.refusals import ExtractError
from openlsi.home import Home
from openlsi.identity.erased_rows import LandedRecord
from openlsi.identity.erasure import lay_vault
from openlsi.identity.identities import IdentitySpec
from openlsi.identity.keys import DistrictKeys, master_key
from openlsi.identity.vault import Vault

_IDENTITY = "identity_"


@dataclass
class Custody:
    """One district's landing and vault, opened to be rewritten; the lock is held."""

    home: Home
    configuration: Configuration
    district: District
    definitions: dict[str, FeedDefinition]
    ledger: Ledger
    keys: DistrictKeys
    entries: list[dict[str, Any]]
    connection: duckdb.DuckDBPyConnection
    limits: Limits
    written: dict[Path, Path] = field(default_factory=dict)

    @property
    def vault(self) -> Vault:
        """The district's vault under its present keys."""
        return Vault(self.home.vault / self.district.slug, self.keys)

    @property
    def links(self) -> frozenset[str]:
        """The sharings that the district takes part in."""
        return self.configuration.links_of(self.district)

    def segments(self) -> dict[str, dict[str, pa.Table]]:
        """Return the vault's tables by extract id."""
        return {e["extract_id"]: self.vault.open(stored_name(e)) for e in self.entries}

    def record(self, feed: str, name: str) -> Record:
        """Return the definition of a record that is landed."""
        definition = self.definitions.get(feed)
        if definition is None or name not in definition.records:
            raise ExtractError(
                f"{feed}: record {name} is landed but not defined; expected it in"
                f" records/{feed}.yml: put it back"
            )
        return definition.records[name]

    def spec(self, feed: str, name: str) -> IdentitySpec:
        """Return what a record knows of people and homes."""
        return identity_spec(feed, name, self.record(feed, name), self.links)

    def landed(self, entry: dict[str, Any], record: str) -> Path | None:
        """Return the landing file of one record of an extract, or None if it landed none."""
        paths = [r["path"] for r in entry["records"] if r["record"] == record]
        return self.home.landing / paths[0] if paths else None

    def next_revision(self, target: Path, entry: dict[str, Any]) -> Path:
        """Return where to write the next revision of a file of an extract, put in place later."""
        name = revision_name(entry["extract_id"], entry["revision"] + 1)
        target = target.with_name(f"{name}{target.suffix}")
        self.written[target] = unfinished(target)
        return self.written[target]

    def seal(self, keys: DistrictKeys, entry: dict[str, Any], tables: dict[str, pa.Table]) -> None:
        """Write the next revision of an extract's segment; none if nothing is left for it."""
        if not tables:
            return
        vault = Vault(self.vault.folder, keys)
        name = revision_name(entry["extract_id"], entry["revision"] + 1)
        path = self.next_revision(vault.segment_path(entry["extract_id"]), entry)
        with writing(path):
            path.write_bytes(vault.seal(name, tables))

    def commit(self, event: dict[str, Any]) -> None:
        """Put all that was written in place, write the line that makes it count, drop the rest."""
        hashes = finish(self.written)
        for extract, change in event.get("revised", {}).items():
            change["landing_hashes"] = self._landing_hashes(extract, change["revision"], hashes)
        self.ledger.append([event])
        remove_strays(self.home, self.ledger.accepted())

    def _landing_hashes(
        self, extract: str, revision: int, hashes: Mapping[Path, str]
    ) -> dict[str, str]:
        """Return the hash of each landing file of a revision by record, for the ledger to hold."""
        name = f"{revision_name(extract, revision)}.parquet"
        return {
            record["record"]: hashes[(self.home.landing / record["path"]).with_name(name)]
            for entry in self.entries
            if entry["extract_id"] == extract
            for record in entry["records"]
        }


def identity_table(feed: str, record: str) -> str:
    """Return the name of the vault's table of a record's identities."""
    return f"{_IDENTITY}{feed}__{record}"


def record_of(table_name: str) -> tuple[str, str] | None:
    """Return the feed and record whose identities a table of the vault holds; None for others."""
    if not table_name.startswith(_IDENTITY):
        return None
    feed, _, record = table_name.removeprefix(_IDENTITY).partition("__")
    return feed, record


@contextmanager
def custody(home: Home, slug_or_code: str) -> Iterator[Custody]:
    """Open one district's landing and vault for rewriting, while nobody else writes.

    Raises ExtractError for a district that districts.yml does not hold and for another master key
    than the vault's; what a killed run left is removed first.
    """
    configuration = load_configuration(home)
    found = configuration.district(slug_or_code)
    if found is None:
        slugs = ", ".join(each.slug for each in configuration.senders)
        raise ExtractError(f"{slug_or_code}: no such district; there are {slugs}")
    limits = load_limits(home)
    with alone(home), tidied(home):
        ledger = Ledger.read(home, repair=True)
        remove_strays(home, ledger.accepted())
        keys = district_keys(master_key(home, configuration.is_demo), found, ledger)
        ledger.keyed_with(ledger_key(home, configuration))
        entries = [e for e in ledger.accepted() if e["district_code"] == found.code]
        # No temp directory: a spill file would hold identifiers in the clear.
        with duckdb.connect(
            ":memory:",
            config={"threads": 1, "memory_limit": limits.memory_limit, "temp_directory": ""},
        ) as connection:
            opened = Custody(
                home, configuration, found, load_feed_definitions(home), ledger, keys, entries,
                connection, limits,
            )  # fmt: skip
            try:
                yield opened
            except BaseException:
                for source in opened.written.values():
                    source.unlink(missing_ok=True)
                raise


def landed_records(opened: Custody, entries: Sequence[dict[str, Any]]) -> list[LandedRecord]:
    """Return every record that these extracts have landed, with its files."""
    found = []
    for feed in dict.fromkeys(entry["feed"] for entry in entries):
        control = opened.definitions[feed].control
        for name, definition in opened.definitions[feed].records.items():
            files = [opened.landed(entry, name) for entry in entries if entry["feed"] == feed]
            present = tuple(file for file in files if file)
            if present:
                derived = {n: tuple(c.of) for n, c in definition.columns.items() if c.of}
                pounds = control.column if control.record == name else None
                people = record_people(opened.spec(feed, name), definition)
                found.append(LandedRecord(people, present, derived, pounds))
    return found


def lay_identities(
    opened: Custody,
    records: Sequence[LandedRecord],
    segments: Mapping[str, Mapping[str, pa.Table]],
) -> None:
    """Make the vault's tables of these records in the open database (see identity.erasure)."""
    identities: dict[str, list[tuple[str, pa.Table]]] = defaultdict(list)
    for entry in opened.entries:
        for name, table in segments[entry["extract_id"]].items():
            if found := record_of(name):
                identities["__".join(found)].append((entry["extract_id"], table))
    lay_vault(opened.connection, [landed.people for landed in records], identities)
