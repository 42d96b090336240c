"""What of a district's vault is still needed once some of its extracts are let go.

An identity lies in the segment of the extract that first brought it, while later extracts hold its
keys. Those are carried over to an extract that stays; all others go with their extract.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import duckdb
import pyarrow as pa

from openlsi.identity.erased_rows import LandedRecord, same_keys
from openlsi.identity.erasure import known_table


def find_needed(
    connection: duckdb.DuckDBPyConnection,
    records: Sequence[LandedRecord],
    released: Collection[str],
) -> None:
    """Make `needed_<record>`: the numbers of released identities that landing still has.

    `records` name the files that stay; the vault's tables must have been made (see erasure). An
    identity is needed where landing has its keys, or has one of its keys that nothing else knows.
    """
    connection.execute("create or replace temp table released (extract_id varchar)")
    connection.executemany("insert into released values (?)", [[one] for one in released])
    connection.execute("create or replace temp table landed_key (purpose varchar, key varchar)")
    connection.execute("create or replace temp table kept_key (purpose varchar, key varchar)")
    for landed in records:
        _find_by_all_keys(connection, landed)
        for column, (purpose, _) in landed.people.spec.keys.items():
            if landed.files:
                connection.execute(
                    f"insert into landed_key select distinct '{purpose}', landed.{column}"
                    f" from {landed.relation} as landed where landed.{column} is not null"
                )  # distinct: a key stands in every month
            connection.execute(
                f"insert into kept_key select distinct '{purpose}', {column}"
                f" from {known_table(landed.people.spec)}"
                " where extract_id not in (select extract_id from released)"
                f" or number in (select number from needed_{landed.name})"
            )
    connection.execute(
        "create or replace temp table lost_key as select purpose, key from landed_key"
        " except select purpose, key from kept_key"
    )
    for landed in records:
        for column, (purpose, _) in landed.people.spec.keys.items():
            connection.execute(
                f"insert into needed_{landed.name} select number"
                f" from {known_table(landed.people.spec)}"
                f" where {column} in (select key from lost_key where purpose = '{purpose}')"
                f" and number not in (select number from needed_{landed.name})"
            )


def _find_by_all_keys(connection: duckdb.DuckDBPyConnection, landed: LandedRecord) -> None:
    name, people = landed.name, landed.people
    connection.execute(f"create or replace temp table needed_{name} (number bigint)")
    if not landed.files:
        return
    connection.execute(
        f"""
        insert into needed_{name}
        with verdict as (
            -- distinct: an identity stands in every month
            select distinct {", ".join(people.spec.keys)} from {landed.relation}
        )
        select landed.number
        from {known_table(people.spec)} as landed
        join verdict on {same_keys(people)}
        where landed.extract_id in (select extract_id from released)
        """
    )


def carried(connection: duckdb.DuckDBPyConnection, landed: LandedRecord) -> pa.Table:
    """Return the identities of a record that are carried over, as a table of the vault."""
    spec = landed.people.spec
    columns = ", ".join([*(f"i_{name}" for name in spec.identifiers), *spec.keys])
    return connection.execute(
        f"select {columns} from {known_table(spec)}"
        f" where number in (select number from needed_{landed.name}) order by number"
    ).to_arrow_table()
