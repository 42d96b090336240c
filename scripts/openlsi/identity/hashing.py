"""Keyed hashes inside DuckDB: HMAC-SHA256 in SQL, each distinct identifier once."""

from __future__ import annotations

from typing import Any

import duckdb

from openlsi.identity.keys import DistrictKeys
from openlsi.identity.normalisation import normalised

KEY_CHARACTERS = 32  # 128 bits: no two of a nation's identifiers are expected to collide


def hmac_sql(message: str) -> str:
    """Return SQL for HMAC-SHA256 in hex of a BLOB expression, its pads bound as parameters.

    The key must never stand in the SQL text, where logs and profilers would keep it; callers bind
    `$inner` and `$outer` (RFC 2104: outer pad, hash of inner pad and message).
    """
    return f"sha256($outer::blob || unhex(sha256($inner::blob || {message})))"


def add_keys(
    connection: duckdb.DuckDBPyConnection, keys: DistrictKeys, purpose: str, raw_values: str
) -> None:
    """Find the keys of the identifiers in `raw_values`, hashing those that are new.

    `raw_values` is a query with the one column `raw`; equal values in it are hashed once. What was
    found is left in table `wanted_<purpose>`; what is new is also added to `key_<purpose>`.
    """
    inner, outer = keys.pads(purpose)
    parameters: dict[str, Any] = {"inner": inner, "outer": outer}
    connection.execute(
        f"""
        create or replace temp table wanted_{purpose} as
        with given as (
            -- distinct: one person stands in many rows of an extract
            select distinct raw from ({raw_values}) as every_raw where raw is not null
        ),
        identified as (
            select
                given.raw, known.raw is null as is_new, known.key,
                {normalised(purpose, "given.raw")} as identifier
            from given left join key_{purpose} as known on known.raw = given.raw
        )
        select
            raw, is_new,
            case
                when is_new then left({hmac_sql("encode(identifier)")}, {KEY_CHARACTERS})
                else key
            end as key
        from identified
        """,
        parameters,
    )
    connection.execute(
        f"insert into key_{purpose} select raw, key from wanted_{purpose} where is_new"
    )


def create_key_table(connection: duckdb.DuckDBPyConnection, purpose: str) -> None:
    """Make the empty table of one purpose: raw identifier → key, NULL if it is none."""
    connection.execute(f"create or replace temp table key_{purpose} (raw varchar, key varchar)")
