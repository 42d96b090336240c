"""Keyed hashes inside DuckDB: HMAC-SHA256 in SQL, each distinct identifier once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import duckdb

from openlsi.identity.keys import DistrictKeys
from openlsi.identity.normalisation import normalised

# The view of the keys that the vault held when the database was opened; see `create_key_table`.
RECALLED = "recalled_keys"
KEY_CHARACTERS = 32  # 128 bits: no two of a nation's identifiers are expected to collide


def hmac_sql(message: str, inner: str = "inner", outer: str = "outer") -> str:
    """Return SQL for HMAC-SHA256 in hex of a BLOB expression, its pads bound as parameters.

    The key must never stand in the SQL text, where logs and profilers would keep it; callers bind
    `$inner` and `$outer` (RFC 2104: outer pad, hash of inner pad and message).
    """
    return f"sha256(${outer}::blob || unhex(sha256(${inner}::blob || {message})))"


def add_keys(
    connection: duckdb.DuckDBPyConnection,
    keys: DistrictKeys,
    purposes: Iterable[str],
    raw_values: str,
) -> None:
    """Find the keys of the identifiers in `raw_values`, hashing those that are new.

    `raw_values` is a query with the columns `purpose` and `raw`; equal values of one purpose are
    hashed once. What was found is left in table `wanted`; what is new is also added to `keyed`.
    One statement for all purposes: planning one each would cost more than the hashing.
    """
    parameters: dict[str, Any] = {}
    identifiers, hashes = [], []
    for number, purpose in enumerate(sorted(purposes)):
        inner, outer = f"inner_{number}", f"outer_{number}"
        parameters[inner], parameters[outer] = keys.pads(purpose)
        hashed = f"left({hmac_sql('encode(identifier)', inner, outer)}, {KEY_CHARACTERS})"
        hashes.append(f"when purpose = '{purpose}' then {hashed}")
        kind = purpose.rpartition(":")[2]  # a linking key is made of the same identifier
        identifiers.append(f"when given.purpose = '{purpose}' then {normalised(kind, 'given.raw')}")
    asked = ", ".join(f"'{purpose}'" for purpose in purposes)
    connection.execute(
        f"""
        create or replace temp table wanted as
        with given as (
            -- distinct: one person stands in many rows of an extract
            select distinct purpose, raw from ({raw_values}) as every_raw where raw is not null
        ),
        known as (
            select purpose, raw, key from keyed where purpose in ({asked})
            union all
            select purpose, raw, key from {RECALLED} where purpose in ({asked})
        ),
        identified as (
            -- distinct on: one person stands in many identities of the vault
            select distinct on (given.purpose, given.raw)
                given.purpose, given.raw, known.raw is null as is_new, known.key,
                case {" ".join(identifiers)} end as identifier
            -- right: the hash table is of the few that are asked for, not of every key known
            from known
            right join given on known.purpose = given.purpose and known.raw = given.raw
        )
        select purpose, raw, is_new, case when not is_new then key {" ".join(hashes)} end as key
        from identified
        """,
        parameters,
    )
    connection.execute("insert into keyed select purpose, raw, key from wanted where is_new")


def create_key_table(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the empty table of keys: purpose and raw identifier → key, NULL if it is none.

    What the vault holds is not copied into it: it is the view `recalled_keys`, of no rows here.
    """
    connection.execute(
        "create or replace temp table keyed (purpose varchar, raw varchar, key varchar)"
    )
    connection.execute(
        f"create or replace temp view {RECALLED} as"
        " select null::varchar as purpose, null::varchar as raw, null::varchar as key where false"
    )
