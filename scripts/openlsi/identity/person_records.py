"""The person records of one district, out of its vault: who is told of in which claim, and how.

Raw identifiers live only in the connection that they are gathered in, which has no disk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from openlsi.identity.keys import DistrictKeys
from openlsi.identity.linkage_sources import SOURCES, PersonKeys, Source


@dataclass(frozen=True)
class Decision:
    """One reviewer's word about two records, by the hashes of what they say."""

    one: str
    other: str
    decision: str
    by: str
    at: str


# (feed, record) → role → the person's identifiers, as `people:` of the record definitions has it.
People = Mapping[tuple[str, str], Mapping[str, Mapping[str, str | None]]]

_KEYS = ("nino_key", "name_dob_key", "name_key")
_HOME = ("address", "postcode", "uprn")
_IN_FORCE = f"""
join seen_here
    on told.node = seen_here.node and told.role = seen_here.role
    and {" and ".join(f"told.{key} is not distinct from seen_here.{key}" for key in _KEYS)}
"""


@dataclass(frozen=True)
class DistrictVault:
    """What linkage is given of a district: its identities by (feed, record), and its decisions.

    The keys are there to find the records that a decision is about.
    """

    district_code: str
    identities: Mapping[tuple[str, str], Sequence[pa.Table]]
    keys: DistrictKeys | None = None
    decisions: Sequence[Decision] = ()


def open_memory(memory_limit: str = "3GB") -> duckdb.DuckDBPyConnection:
    """Return a connection that can write to no disk: a spill would hold names in the clear."""
    return duckdb.connect(":memory:", config={"memory_limit": memory_limit, "temp_directory": ""})


def gather(
    con: duckdb.DuckDBPyConnection,
    vault: DistrictVault,
    people: People,
    seen: pa.Table | None = None,
) -> None:
    """Make `met`: the records of people that landing in force has, with what the vault tells.

    `seen` is landing's side: node, role, the keys of a person, first month; without it every
    record counts that was ever told of. `record_key` names one claim, role and set of keys, so that
    it means the same in every later run.
    """
    if seen is not None:
        con.register("seen_here", seen)
    _lay_identities(con, vault)
    parts = [
        _record_sql(con, source, person, people[source.feed, source.record][person.person])
        for source in SOURCES
        if _table(source) in _tables(con)
        for person in source.people
    ]
    if not parts:
        parts = [_nobody()]
    con.execute(
        f"""
        create or replace temp table met as
        with told as ({" union all ".join(parts)}),
        homes as (
            -- A claim for support says its council tax account, which says where that is.
            select account_key,
                max({{'address': i_address, 'postcode': i_postcode, 'uprn': i_uprn}}) as home
            from {_account_identities(con)}
            group by account_key
        )
        select
            md5(concat_ws('|', told.node, told.role,
                {", ".join(f"coalesce(told.{key}, '')" for key in _KEYS)})) as record_key,
            told.node, told.role,
            {", ".join(f"told.{key}" for key in _KEYS)},
            surname, forenames, birth_date, nino,
            {", ".join(f"coalesce(told.{name}, homes.home.{name}) as {name}" for name in _HOME)},
            told.account_key, told.cts_claim_key,
            {"null::date as first_month" if seen is None else "seen_here.first_month"}
        from told
        {"" if seen is None else _IN_FORCE}
        left join homes on told.homeless_account_key = homes.account_key
        """
    )
    if seen is not None:
        con.unregister("seen_here")


def _lay_identities(con: duckdb.DuckDBPyConnection, vault: DistrictVault) -> None:
    for (feed, record), tables in vault.identities.items():
        whole = pa.concat_tables(tables, promote_options="default")
        con.register("arriving", whole)
        con.execute(f"create or replace temp table {feed}__{record} as select * from arriving")
        con.unregister("arriving")


def _table(source: Source) -> str:
    return f"{source.feed}__{source.record}"


def _tables(con: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()}


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    return {
        name
        for (name,) in con.execute(
            "select column_name from duckdb_columns() where table_name = $table", {"table": table}
        ).fetchall()
    }


def _record_sql(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    person: PersonKeys,
    identifiers: Mapping[str, str | None],
) -> str:
    """Return SQL for the people of one role of a source, with the keys landing knows them by."""
    held = _columns(con, _table(source))

    def raw(identifier: str | None) -> str:
        return f"nullif(trim(i_{identifier}), '')" if f"i_{identifier}" in held else "null::varchar"

    def key(column: str | None) -> str:
        return column if column in held and column else "null::varchar"

    account = source.key if source.mark == "a" else key(source.account)
    claim = source.key if source.mark == "c" else key(source.cts_claim)
    return f"""
    -- distinct: an identity is kept once a vault, but a claim has one for each of its accounts
    select distinct
        '{source.mark}:' || {source.key} as node, '{person.role}' as role,
        {key(person.nino)} as nino_key, {key(person.name_dob)} as name_dob_key,
        {key(person.name)} as name_key,
        {raw(identifiers.get("surname"))} as surname,
        {raw(identifiers.get("forenames"))} as forenames,
        {raw(identifiers.get("birth_date"))} as birth_date,
        {raw(identifiers.get("nino"))} as nino,
        {", ".join(f"{raw(name)} as {name}" for name in _HOME)},
        {account} as account_key, {claim} as cts_claim_key,
        -- A key of its own: a condition on one side of the join would make it a nested loop.
        case when coalesce({", ".join(map(raw, _HOME))}) is null then {account} end
            as homeless_account_key
    from {_table(source)}
    where {source.key} is not null
    """


def _account_identities(con: duckdb.DuckDBPyConnection) -> str:
    if "council_tax__account" in _tables(con):
        return "council_tax__account"
    missing = ", ".join(f"null::varchar as i_{name}" for name in _HOME)
    return f"(select null::varchar as account_key, {missing} where false)"


def _nobody() -> str:
    text = ["node", "role", *_KEYS, "surname", "forenames", "birth_date",
            "nino", *_HOME, "account_key", "cts_claim_key",
            "homeless_account_key"]  # fmt: skip
    columns = ", ".join(f"null::varchar as {name}" for name in text)
    return f"select {columns} where false"
