"""A district's vault, opened into memory that has no disk, and what is landed beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from openlsi.config import Configuration, District
from openlsi.extract.chain import Ledger
from openlsi.extract.district_keys import district_keys
from openlsi.extract.landing import stored_name
from openlsi.extract.ledger import in_force_entries
from openlsi.extract.records import FeedDefinition, Person, Record, load_feed_definitions
from openlsi.home import Home
from openlsi.identity.keys import master_key
from openlsi.identity.linkage_sources import SOURCES, Source
from openlsi.identity.vault import Vault
from openlsi.packs.errors import PackError

UNITS = tuple(source for source in SOURCES if source.is_unit)


@dataclass(frozen=True)
class OpenedVault:
    """Identities by record, and the landing files in force by feed and record.

    A record's identities are the table `vault_<feed>__<record>`: its identifiers (i_…), its keys,
    and `place`, the order in which they were met.
    """

    folder: Path
    connection: duckdb.DuckDBPyConnection
    definitions: Mapping[str, FeedDefinition]
    landed: Mapping[tuple[str, str], list[str]]

    def table(self, source: Source) -> str:
        """Return the name of the table of a source's identities."""
        return f"vault_{source.feed}__{source.record}"

    def people(self, source: Source) -> Mapping[str, Person]:
        """Return which identifiers of a source describe whom, by role."""
        return self.record(source).people

    def record(self, source: Source) -> Record:
        """Return the definition of a source's record."""
        return self.definitions[source.feed].records[source.record]


@contextmanager
def opened_vault(
    home: Home, configuration: Configuration, district: District
) -> Iterator[OpenedVault]:
    """Open one district's vault for reading, with that district's keys.

    Raises PackError where nothing of the district is loaded, VaultError for a segment that is
    another district's or was changed, and KeyFileError or ExtractError for another master key.
    """
    ledger = Ledger.read(home)
    keys = district_keys(master_key(home, configuration.is_demo, may_make=False), district, ledger)
    accepted = [e for e in ledger.accepted() if e["district_code"] == district.code]
    if not accepted:
        raise PackError(f"{district.name}: nothing of it is loaded; run `lsi load` first")
    vault = Vault(home.vault / district.slug, keys)
    wanted = {f"identity_{source.feed}__{source.record}" for source in UNITS}
    found: dict[str, list[pa.Table]] = {name: [] for name in wanted}
    for place, entry in enumerate(accepted):
        for name, table in vault.open(stored_name(entry)).items():
            if name in wanted:
                met = pa.array([place] * table.num_rows, pa.int64())
                found[name].append(table.append_column("place", met))
    # No temp directory: a spill file would hold names in the clear.
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as con:
        con.execute("set enable_progress_bar = false")
        opened = OpenedVault(
            vault.folder, con, load_feed_definitions(home), _landed(home, ledger, district)
        )
        for source in UNITS:
            _lay(opened, source, found[f"identity_{source.feed}__{source.record}"])
        yield opened


def _lay(opened: OpenedVault, source: Source, tables: Sequence[pa.Table]) -> None:
    record = opened.record(source)
    # Keys of a sharing say nothing of who it is, and are in landing only where it is named.
    columns = [*(f"i_{one}" for one in record.identifiers), *record.keys_for(frozenset())]
    types = [(one, pa.string()) for one in columns] + [("place", pa.int64())]
    whole = pa.concat_tables(
        [pa.schema(types).empty_table(), *tables], promote_options="default"
    ).select([name for name, _ in types])
    opened.connection.register("arriving", whole)
    opened.connection.execute(f"create temp table {opened.table(source)} as from arriving")
    opened.connection.unregister("arriving")


def _landed(home: Home, ledger: Ledger, district: District) -> Mapping[tuple[str, str], list[str]]:
    """Return the landing files in force of a district by feed and record."""
    files: dict[tuple[str, str], list[str]] = {}
    for entry in in_force_entries(ledger):
        if entry["district_code"] == district.code:
            for record in entry["records"]:
                path = str(home.landing / record["path"])
                files.setdefault((entry["feed"], record["record"]), []).append(path)
    return files


def columns_of(
    con: duckdb.DuckDBPyConnection, relation: str, files: Sequence[str] = ()
) -> list[str]:
    """Return the columns of a relation; `files` are those that it reads as $files."""
    found = con.execute(f"select * from {relation} limit 0", {"files": files} if files else {})
    return [str(column[0]) for column in found.description or []]
