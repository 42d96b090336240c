"""The private database of one district's loading: in memory, filled from the vault."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb

from openlsi.extract.layouts import Layout
from openlsi.extract.records import FeedDefinition, Record
from openlsi.extract.statements import RecordStatements, compile_record
from openlsi.home import Home
from openlsi.identity.areas import load_areas
from openlsi.identity.birth_facts import load_pension_age
from openlsi.identity.identities import (
    IdentitySpec,
    create_identity_tables,
    recall_identities,
)
from openlsi.identity.tombstones import TABLE, lay_tombstones
from openlsi.identity.vault import Vault


@dataclass
class Database:
    """An open database, the vault behind it, and the SQL written so far."""

    home: Home
    vault: Vault
    definitions: dict[str, FeedDefinition]
    links: frozenset[str]
    connection: duckdb.DuckDBPyConnection
    has_erased: bool = False
    compiled: dict[str, list[RecordStatements]] = field(default_factory=dict)

    def statements(self, layout: Layout) -> list[RecordStatements]:
        """Return the SQL of each record of a layout, written at first use."""
        if layout.layout not in self.compiled:
            self.compiled[layout.layout] = [
                compile_record(layout, name, record)
                for name, record in self.definitions[layout.feed].records.items()
                if name in layout.records
            ]
        return self.compiled[layout.layout]


def open_database(
    home: Home,
    vault: Vault,
    definitions: dict[str, FeedDefinition],
    links: frozenset[str],
    committed: Iterable[str],
    memory_limit: str,
    erasures: Iterable[str] = (),
) -> Database:
    """Open a database that knows the identities of the committed extracts.

    `links` are the sharings for which the county's configuration names a gateway; `erasures` the
    segments with the marks of people who were erased.
    """
    # No temp directory: a spill file would hold identifiers in the clear.
    connection = duckdb.connect(
        ":memory:", config={"threads": 1, "memory_limit": memory_limit, "temp_directory": ""}
    )
    # Joins as they are written: rows then keep the order of the file whatever else is in the batch,
    # so that the same bytes always give the same landing file.
    connection.execute("set enable_progress_bar = false")  # it would stand among what is said
    connection.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")
    load_pension_age(connection, home)
    load_areas(connection, home)
    specs = [
        identity_spec(definition.feed, name, record, links)
        for definition in definitions.values()
        for name, record in definition.records.items()
    ]
    create_identity_tables(connection, specs)
    sealed = vault.open_all(committed)
    recall_identities(
        connection, [(spec, sealed.get(f"identity_{spec.record}", [])) for spec in specs]
    )
    has_erased = lay_tombstones(connection, [vault.open_known(name, TABLE) for name in erasures])
    return Database(home, vault, definitions, links, connection, has_erased)


def identity_spec(feed: str, name: str, definition: Record, links: frozenset[str]) -> IdentitySpec:
    """Return what a record knows of people and homes, in the terms of the identity package."""
    columns = definition.columns
    return IdentitySpec(
        # Two feeds may each have an award, or an account, and know other things of it.
        record=f"{feed}__{name}",
        identifiers=tuple(definition.identifiers),
        keys={n: (c.key_purpose, tuple(c.of)) for n, c in definition.keys_for(links).items()},
        areas={n: c.of[0] for n, c in columns.items() if c.type == "area"},
        pension_months={n: c.of[0] for n, c in columns.items() if c.type == "pension_age_month"},
    )
