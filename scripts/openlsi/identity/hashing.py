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
    """Hash the identifiers of `raw_values` that table `key_<purpose>` does not hold yet.

    `raw_values` is a query with the one column `raw`; equal values in it are hashed once.
    """
    inner, outer = keys.pads(purpose)
    parameters: dict[str, Any] = {"inner": inner, "outer": outer}
    connection.execute(
        f"""
        insert into key_{purpose}
        with fresh as (
            -- distinct: one person stands in many rows of an extract
            select distinct raw from ({raw_values}) as given
            where raw is not null and raw not in (select raw from key_{purpose})
        ),
        identified as (
            select raw, {normalised(purpose, "raw")} as identifier from fresh
        )
        select raw, left({hmac_sql("encode(identifier)")}, {KEY_CHARACTERS}) as key
        from identified
        """,
        parameters,
    )


def create_key_table(connection: duckdb.DuckDBPyConnection, purpose: str) -> None:
    """Make the empty table of one purpose: raw identifier → key, NULL if it is none."""
    connection.execute(f"create or replace temp table key_{purpose} (raw varchar, key varchar)")
