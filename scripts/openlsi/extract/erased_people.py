"""People who were erased, met again in a file: kept out before anything of them is learnt.

A row that such a person leads is set aside with reason `erased`, with what the same delivery holds
of its case; out of a row that somebody else leads, the person is taken. No text of either is kept.
"""

from __future__ import annotations

import duckdb

from openlsi.extract.database import Database, identity_spec
from openlsi.extract.people import record_people
from openlsi.extract.statements import RecordStatements
from openlsi.identity.normalisation import normalised
from openlsi.identity.people import RecordPeople, Role
from openlsi.identity.tombstones import is_erased_sql, pads


def set_aside_erased(database: Database, feed: str, statements: list[RecordStatements]) -> None:
    """Mark every row of the typed tables that is of somebody who was erased.

    Makes `erased_rows` (driving, delivery, source_row): rows whose text must not be kept.
    """
    connection = database.connection
    connection.execute(
        "create or replace temp table erased_rows"
        " (driving varchar, delivery smallint, source_row bigint)"
    )
    if not database.has_erased:
        return
    found = []
    for record in statements:
        spec = identity_spec(feed, record.record, record.definition, database.links)
        people = record_people(spec, record.definition)
        found.append((record, people))
        if people.roles:
            _judge(database, record, people)
    for record, people in found:
        if people.is_head and people.own_purpose:
            for other, of in found:
                if other is not record and of.own_purpose == people.own_purpose:
                    _spread_to(connection, record, people, other, of)


def erased_source_rows(
    connection: duckdb.DuckDBPyConnection, driving: str, delivery: int
) -> set[int]:
    """Return the rows of a table of one delivery that speak of somebody who was erased."""
    rows = connection.execute(
        "select source_row from erased_rows where driving = $driving and delivery = $delivery",
        {"driving": driving, "delivery": delivery},
    ).fetchall()
    return {int(row[0]) for row in rows}


def _texts(people: RecordPeople) -> dict[str, str]:
    """Return SQL for each identifier's text out of a row's identity."""
    return {
        name: f"split_part(identity, chr(31), {place})"
        for place, name in enumerate(people.spec.identifiers, 1)
    }


def _judge(database: Database, record: RecordStatements, people: RecordPeople) -> None:
    connection, typed, text = database.connection, f"typed_{record.record}", _texts(people)
    roles = ", ".join(
        f"{is_erased_sql(people, role, text)} as is_{role.name}" for role in people.roles
    )
    anyone = " or ".join(f"is_{role.name}" for role in people.roles)
    connection.execute(
        f"""
        create or replace temp table erased_in as
        with told as (select rowid as typed_row, delivery, source_row, {roles} from {typed})
        select * from told where {anyone}
        """,
        pads(database.vault.keys),
    )
    connection.execute(
        f"insert into erased_rows select '{record.mapping.driving}', delivery, source_row"
        " from erased_in"
    )
    for role in people.roles:
        rows = f"select typed_row from erased_in where is_{role.name}"
        if role.is_lead:
            connection.execute(_mark_sql(record, f"rowid in ({rows})"))
        else:
            _take_out(connection, record, people, role, rows)


def _mark_sql(record: RecordStatements, condition: str) -> str:
    return (
        f"update typed_{record.record} set fault = {record.erased_fault}, fault_raw = null,"
        f" value_kind = 'erased person' where {condition}"
    )


def _take_out(
    connection: duckdb.DuckDBPyConnection,
    record: RecordStatements,
    people: RecordPeople,
    role: Role,
    rows: str,
) -> None:
    """Leave of a row what it would be without this person."""
    parts = ", ".join(
        "''" if name in role.identifiers else text for name, text in _texts(people).items()
    )
    emptied = [f"identity = concat_ws(chr(31), {parts})"]
    if role.birth_date and role.birth_date in record.mapping.columns:
        emptied.append(f"v_{role.birth_date} = null")
    connection.execute(
        f"update typed_{record.record} set {', '.join(emptied)} where rowid in ({rows})"
    )


def _spread_to(
    connection: duckdb.DuckDBPyConnection,
    head: RecordStatements,
    people: RecordPeople,
    other: RecordStatements,
    of: RecordPeople,
) -> None:
    """Set aside what another record holds of the cases that went."""
    own = normalised(people.own_purpose or "", f"i_{people.own}")
    theirs = normalised(of.own_purpose or "", f"i_{of.own}")
    condition = (
        f"(delivery, {theirs}) in (select (delivery, {own}) from typed_{head.record}"
        f" where fault = {head.erased_fault})"
    )
    connection.execute(
        f"insert into erased_rows select '{other.mapping.driving}', delivery, source_row"
        f" from typed_{other.record} where {condition}"
    )
    connection.execute(_mark_sql(other, condition))
