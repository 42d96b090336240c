"""A district's keys made anew: from what the vault knows, which key takes the place of which.

A mapping pass over the identifiers in the vault, in memory: landing holds keys only, so it is
rewritten by the mapping. Rows that had one key before have one key after, and no others have it:
what is linked stays linked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from openlsi.errors import LsiError
from openlsi.identity.hashing import add_keys, create_key_table
from openlsi.identity.identities import IdentitySpec, raw_key
from openlsi.identity.keys import DistrictKeys


class RotationError(LsiError):
    """The keys cannot be made anew without losing or merging anybody; nothing is changed."""


@dataclass(frozen=True)
class KeyColumns:
    """The keyed columns of one record, by purpose; None for one that no gateway allows by now."""

    purposes: dict[str, str | None]

    @classmethod
    def of(cls, every: Iterable[str], spec: IdentitySpec) -> KeyColumns:
        """Return the purposes of every keyed column of a record, as its specification has them."""
        return cls({name: spec.keys[name][0] if name in spec.keys else None for name in every})

    def within(self, columns: Iterable[str]) -> KeyColumns:
        """Return those that are among the columns."""
        found = set(columns)
        return KeyColumns({n: p for n, p in self.purposes.items() if n in found})


def remake_keys(
    connection: duckdb.DuckDBPyConnection,
    keys: DistrictKeys,
    identities: Sequence[tuple[IdentitySpec, Sequence[pa.Table]]],
) -> int:
    """Make table `remade` (purpose, former, key) for every key in the vault; return how many.

    `identities` are the vault's tables of each record. A linking key is the same for all its
    senders and no part of the district's own key, so it maps to itself. Raises RotationError
    unless keys before and after are one to one.
    """
    create_key_table(connection)
    connection.execute(
        "create or replace temp table met (purpose varchar, raw varchar, former varchar)"
    )
    for spec, tables in identities:
        for table in tables:
            _meet(connection, spec, table)
    connection.execute(
        """
        create or replace temp table kept as
        -- min: of several ways to write one identifier any stands for the key that they share
        select purpose, former, min(raw) as raw from met group by purpose, former
        """
    )
    purposes = {
        row[0] for row in connection.execute("select distinct purpose from kept").fetchall()
    }
    if purposes:
        add_keys(connection, keys, purposes, "select purpose, raw from kept")
    else:
        connection.execute(
            "create or replace temp table wanted as select *, false as is_new from keyed"
        )
    connection.execute(
        """
        create or replace temp table remade as
        select kept.purpose, kept.former, wanted.key
        from kept
        left join wanted on wanted.purpose = kept.purpose and wanted.raw = kept.raw
        """
    )
    counted = connection.execute(
        "select count(*), count(distinct (purpose, key)) filter (key is not null) from remade"
    ).fetchone()
    assert counted is not None
    if counted[0] != counted[1]:
        raise RotationError(
            f"{counted[0]} keys in the vault, but {counted[1]} would take their place; expected as"
            " many: the rules of what is one identifier have changed since, so load the district"
            " again from its originals"
        )
    return int(counted[0])


def _meet(connection: duckdb.DuckDBPyConnection, spec: IdentitySpec, table: pa.Table) -> None:
    connection.register("segment", table)
    for column, (purpose, of) in spec.keys.items():
        if column in table.column_names:
            connection.execute(
                f"insert into met select distinct '{purpose}', {raw_key(of)}, {column}"
                f" from segment where {column} is not null"  # distinct: one person in many rows
            )
    connection.unregister("segment")


def rekeyed_sql(columns: KeyColumns, relation: str) -> str:
    """Return SQL for a relation with the remade key in the place of each."""
    replaced, joins = [], []
    for name, purpose in columns.purposes.items():
        if purpose is None:
            replaced.append(f"cast(null as varchar) as {name}")
            continue
        replaced.append(f"m_{name}.key as {name}")
        joins.append(
            f"left join remade as m_{name} on m_{name}.purpose = '{purpose}'"
            f" and m_{name}.former = given.{name}"
        )
    replacing = f" replace ({', '.join(replaced)})" if replaced else ""
    return f"select given.*{replacing} from {relation} as given {' '.join(joins)}"


def rekey_table(
    connection: duckdb.DuckDBPyConnection, columns: KeyColumns, table: pa.Table
) -> pa.Table:
    """Return a table of the vault with the remade keys."""
    connection.register("segment", table)
    rekeyed = connection.execute(
        rekeyed_sql(columns.within(table.column_names), "segment")
    ).to_arrow_table()
    connection.unregister("segment")
    return rekeyed


def rekey_file(
    connection: duckdb.DuckDBPyConnection, columns: KeyColumns, source: Path, target: Path
) -> int:
    """Write a parquet file of landing with the remade keys; return its rows.

    Raises RotationError where the vault does not know a key that landing holds.
    """
    here, there = _quoted(source), _quoted(target)
    relation = f"read_parquet({here}, hive_partitioning = false)"
    connection.execute(
        f"copy ({rekeyed_sql(columns, relation)}) to {there}"
        " (format parquet, compression zstd, compression_level 1)"
    )
    lawful = [name for name, purpose in columns.purposes.items() if purpose is not None]
    counts = ", ".join(["count(*)", *(f"count({name})" for name in lawful)])
    before, after = (
        connection.execute(f"select {counts} from read_parquet({file}, hive_partitioning = false)")
        .fetchone()
        for file in (here, there)
    )  # fmt: skip
    if before != after:
        raise RotationError(
            f"{source}: holds keys that the vault does not know; expected every one of them:"
            " restore the vault from a safe copy"
        )
    assert after is not None
    return int(after[0])


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
