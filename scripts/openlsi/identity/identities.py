"""Identities met in extracts: all identifiers of a row, and the keys that stand for them.

Each identity is keyed once for a district, the first time it is met; later extracts look it up.
The tables live in memory and are filled from the vault.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from openlsi.identity.areas import postcode_sql
from openlsi.identity.birth_facts import pension_age_join_sql, pension_age_month_sql
from openlsi.identity.hashing import RECALLED, add_keys, create_key_table
from openlsi.identity.keys import DistrictKeys


@dataclass(frozen=True)
class IdentitySpec:
    """What one record knows of people and homes, and what is derived from it.

    `keys` is key column → (purpose, identifiers); `areas` and `pension_months` are column →
    identifier. Identifier columns are named i_<identifier> in every table.
    """

    record: str
    identifiers: tuple[str, ...]
    keys: dict[str, tuple[str, tuple[str, ...]]]
    areas: dict[str, str]
    pension_months: dict[str, str]

    @property
    def known(self) -> str:
        """The table identity → keys and derived facts."""
        return f"known_{self.record}"

    @property
    def recalled(self) -> str:
        """The table of what the vault held of the record when the database was opened."""
        return f"recalled_{self.record}"

    @property
    def derived(self) -> list[str]:
        """The columns that `known` gives to landing."""
        return [*self.keys, *self.areas, *self.pension_months]

    @property
    def links(self) -> dict[str, list[str]]:
        """The linking keys by sharing: a purpose `link:<sharing>:<kind>` is one (see keys)."""
        found: dict[str, list[str]] = {}
        for column, (purpose, _) in self.keys.items():
            if purpose.startswith("link:"):
                found.setdefault(purpose.split(":")[1], []).append(column)
        return found

    @property
    def is_single_reference(self) -> bool:
        """Whether an identity is one reference, whose key another record may hold already."""
        return len(self.identifiers) == 1 and len(self.keys) == 1


def raw_key(identifiers: Iterable[str]) -> str:
    """Return SQL for the raw identifier that a key is made from, out of i_ columns."""
    return "concat_ws(chr(31), " + ", ".join(f"i_{name}" for name in identifiers) + ")"


def identity_sql(identifiers: Iterable[str]) -> str:
    """Return SQL for the identity of a row, out of i_ columns."""
    return raw_key(identifiers)


def create_identity_tables(
    connection: duckdb.DuckDBPyConnection, specs: Iterable[IdentitySpec]
) -> None:
    """Make the empty tables of keys and identities for one district."""
    create_key_table(connection)
    for spec in specs:
        columns = [f"{name} varchar" for name in [*spec.keys, *spec.areas]]
        columns += [f"{name} date" for name in spec.pension_months]
        connection.execute(
            f"create or replace temp table {spec.known} (identity varchar, {', '.join(columns)})"
        )


def recall_identities(
    connection: duckdb.DuckDBPyConnection,
    found: Sequence[tuple[IdentitySpec, list[pa.Table]]],
) -> None:
    """Fill the tables of a district's records from what its vault holds of each.

    The vault's tables stay with the connection: keys are looked up in them (`recalled_keys`).
    """
    recalled = []
    found = [(spec, _whole(spec, segments)) for spec, segments in found]
    for spec, segments in found:
        if segments:
            connection.register(spec.recalled, pa.concat_tables(segments))
            recalled += [
                f"select '{purpose}' as purpose, {raw_key(of)} as raw, {column} as key"
                f" from {spec.recalled}"
                for column, (purpose, of) in spec.keys.items()
            ]
    if not recalled:
        return
    connection.execute(f"create or replace temp view {RECALLED} as {' union all '.join(recalled)}")
    for spec, segments in found:
        if spec.is_single_reference:
            # distinct: a reference stands with many records
            _recall(connection, spec, _known_references(spec), "distinct on (met.identity)")
        elif segments:
            met = f"select {identity_sql(spec.identifiers)} as identity, * from {spec.recalled}"
            # distinct: an identity may stand in several segments once a person was taken out of it
            is_once = not _is_repeated(connection, met)
            _recall(connection, spec, met, "" if is_once else "distinct on (met.identity)")


def _whole(spec: IdentitySpec, segments: list[pa.Table]) -> list[pa.Table]:
    """Return the tables with every key column of a record, those columns alone.

    Where a sharing was named since, the earlier ones lack its key: they count as never met, so that
    it is made when they are met again. Where one was withdrawn, its key is left out.
    """
    columns = [*(f"i_{name}" for name in spec.identifiers), *spec.keys]
    return [table.select(columns) for table in segments if set(columns) <= set(table.column_names)]


def _known_references(spec: IdentitySpec) -> str:
    """Return SQL for all references of a kind that the vault has a key of, by any record.

    Most of them are sealed with another record than their own (see `_unsealed`).
    """
    (name,), ((column, (purpose, _)),) = spec.identifiers, spec.keys.items()
    return (
        f"select raw as identity, raw as i_{name}, key as {column} from {RECALLED}"
        f" where purpose = '{purpose}'"
    )


def _is_repeated(connection: duckdb.DuckDBPyConnection, met: str) -> bool:
    """Return whether an identity may stand twice in a query.

    By hashes, which are shorter to tell apart; two that are equal by chance cost time only.
    """
    found = connection.execute(
        f"select count(*) > count(distinct hash(identity)) from ({met}) as met"
    ).fetchone()
    return found == (True,)


def _recall(
    connection: duckdb.DuckDBPyConnection, spec: IdentitySpec, met: str, chosen: str
) -> None:
    """Fill the table of a record from a query of its identities, identifiers and keys."""
    columns, joins = _derived(spec)
    columns = [*(f"met.{name}" for name in spec.keys), *columns]
    connection.execute(
        f"insert into {spec.known} select {chosen} met.identity, {', '.join(columns)}"
        f" from ({met}) as met {' '.join(joins)}"
    )


def learn_identities(
    connection: duckdb.DuckDBPyConnection, keys: DistrictKeys, spec: IdentitySpec, typed: str
) -> pa.Table | None:
    """Key the identities of a typed table that are new to the district.

    Returns them with their keys and the number of their delivery, for the vault; None if there is
    nothing new. `typed` has the columns delivery, identity and fault.
    """
    connection.execute(
        f"""
        create or replace temp table fresh as
        with met as (
            -- grouped: a balance a year, or an award a change, repeats the same identity; it is of
            -- the first delivery of the batch that it stands in
            select identity, min(delivery) as delivery
            from {typed}
            -- anti join: `not in` would build its hash table on every identity known, each time
            anti join {spec.known} as known using (identity)
            where fault = 0
            group by identity
        )
        select identity, delivery, {_split_identity(spec)} from met
        """
    )
    (count,) = connection.execute("select count(*) from fresh").fetchone() or (0,)
    if count == 0:
        return None
    raw_values = " union all ".join(
        f"select '{purpose}' as purpose, {raw_key(of)} as raw from fresh"
        for purpose, of in spec.keys.values()
    )
    add_keys(connection, keys, {purpose for purpose, _ in spec.keys.values()}, raw_values)
    _learn(connection, spec)
    keyed = ", ".join(f"known.{name}" for name in spec.keys)
    sealed = connection.execute(
        f"""
        select delivery, {_identifier_columns(spec)}, {keyed}
        from {_unsealed(connection, spec)} as fresh
        join {spec.known} as known using (identity)
        """
    ).to_arrow_table()
    return sealed if sealed.num_rows else None


def _unsealed(connection: duckdb.DuckDBPyConnection, spec: IdentitySpec) -> str:
    """Return the table of those in `fresh` that the vault does not hold by another record."""
    if not spec.is_single_reference:
        return "fresh"
    (purpose, of) = next(iter(spec.keys.values()))
    connection.execute(
        "create or replace temp table unsealed as select met.* from fresh as met"
        f" semi join wanted on wanted.is_new and wanted.purpose = '{purpose}'"
        f" and wanted.raw = {_qualified(of)}"
    )
    return "unsealed"


def _split_identity(spec: IdentitySpec) -> str:
    """Return SQL for the identifiers of an identity; the readers let no U+001F into one."""
    return ", ".join(
        f"split_part(identity, chr(31), {place}) as i_{name}"
        for place, name in enumerate(spec.identifiers, 1)
    )


def _identifier_columns(spec: IdentitySpec) -> str:
    return ", ".join(f"i_{name}" for name in spec.identifiers)


def _learn(connection: duckdb.DuckDBPyConnection, spec: IdentitySpec) -> None:
    """Add the identities of `fresh` to the record's table, by the keys of table `wanted`."""
    keys = [f"k_{column}.key as {column}" for column in spec.keys]
    joins = [
        f"left join wanted as k_{column} on k_{column}.purpose = '{purpose}'"
        f" and k_{column}.raw = {_qualified(of)}"
        for column, (purpose, of) in spec.keys.items()
    ]
    columns, derived = _derived(spec)
    connection.execute(
        f"insert into {spec.known} select met.identity, {', '.join([*keys, *columns])}"
        f" from fresh as met {' '.join([*joins, *derived])}"
    )


def _derived(spec: IdentitySpec) -> tuple[list[str], list[str]]:
    """Return the columns that are derived of the identifiers of `met`, and the joins they need."""
    columns, joins = [], []
    for column, postcode in spec.areas.items():
        columns.append(f"a_{column}.lsoa_code as {column}")
        joins.append(
            f"left join postcode_area as a_{column}"
            f" on a_{column}.postcode = {postcode_sql(f'met.i_{postcode}')}"
        )
    for column, birth_date in spec.pension_months.items():
        born = f"try_cast(nullif(met.i_{birth_date}, '') as date)"
        columns.append(f"{pension_age_month_sql(born, f'p_{column}')} as {column}")
        joins.append(pension_age_join_sql(born, f"p_{column}"))
    return columns, joins


def _qualified(of: Iterable[str]) -> str:
    return "concat_ws(chr(31), " + ", ".join(f"met.i_{name}" for name in of) + ")"
