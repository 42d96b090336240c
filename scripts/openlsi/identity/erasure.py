"""Find one person in a district's opened vault, and tell what of it is theirs.

A number finds them everywhere; a name with a birth date where no other number stands beside it; a
name alone only within a case that is theirs already. Rows that they lead are theirs whole. In rows
that somebody else leads, what is theirs alone is taken out and the row stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from openlsi.errors import LsiError
from openlsi.identity.identities import IdentitySpec
from openlsi.identity.normalisation import normalised
from openlsi.identity.people import RecordPeople
from openlsi.identity.tombstones import (
    case_message,
    mark_sql,
    name_dob_message,
    nino_message,
)


class ErasureError(LsiError):
    """Nobody, or more than one person, answers to what was given; nothing is changed."""


@dataclass(frozen=True)
class Sought:
    """What the person is known by; never written anywhere.

    `name_and_birth` is surname, forenames and an ISO date; `cases` are purpose and reference.
    """

    nino: str | None = None
    name_and_birth: tuple[str, str, str] | None = None
    cases: tuple[tuple[str, str], ...] = ()


def known_table(spec: IdentitySpec) -> str:
    """Return the name of the table of every identity that the vault holds of a record."""
    return f"vault_{spec.record}"


def lay_vault(
    connection: duckdb.DuckDBPyConnection,
    records: Sequence[RecordPeople],
    identities: Mapping[str, Sequence[tuple[str, pa.Table]]],
) -> None:
    """Make a table a record of its identities, and `standing` and `mentioned` over all of them.

    `identities` gives, by record, each extract's id and table. `standing` is a row a person of an
    identity (record, number, role, is_lead, nino, name, name_dob); `mentioned` a row a reference.
    """
    connection.execute(
        "create or replace temp table standing (record varchar, number bigint, role varchar,"
        " is_lead boolean, nino varchar, name varchar, name_dob varchar)"
    )
    connection.execute(
        "create or replace temp table mentioned"
        " (record varchar, number bigint, purpose varchar, reference varchar)"
    )
    for people in records:
        _lay_record(connection, people, identities.get(people.spec.record, []))


def _lay_record(
    connection: duckdb.DuckDBPyConnection,
    people: RecordPeople,
    identities: Sequence[tuple[str, pa.Table]],
) -> None:
    spec, table = people.spec, known_table(people.spec)
    columns = [*(f"i_{name}" for name in spec.identifiers), *spec.keys]
    held = pa.table({name: pa.array([], pa.string()) for name in ["extract_id", *columns]})
    parts = [
        one.append_column("extract_id", pa.array([extract] * one.num_rows, pa.string()))
        for extract, one in identities
    ]
    connection.register(
        "held",
        pa.concat_tables([held, *parts], promote_options="default").select(held.column_names),
    )
    connection.execute(
        f"create or replace temp table {table} as"
        " select row_number() over () as number, * from held"  # a number of its own, no order
    )
    connection.unregister("held")
    text = {name: f"i_{name}" for name in spec.identifiers}
    for role in people.roles:
        connection.execute(
            f"""
            insert into standing
            select '{spec.record}', number, '{role.name}', {role.is_lead},
                {role.nino_sql(text)} as nino, {role.name_sql(text)} as name,
                {role.name_dob_sql(text)} as name_dob
            from {table}
            where coalesce(nino, name, name_dob) is not null
            """
        )
    for reference, purpose in people.cases.items():
        connection.execute(
            f"insert into mentioned select '{spec.record}', number, '{purpose}',"
            f" {normalised(purpose, text[reference])} as reference from {table}"
            " where reference is not null"
        )


def find_person(connection: duckdb.DuckDBPyConnection, sought: Sought) -> int:
    """Make `matched`: the places in the vault where the person stands; return how many.

    Also makes `person_nino`, `person_name_dob`, `person_name` and `person_case`. Raises
    ErasureError where nobody is found, or where more than one person answers.
    """
    for table, columns in (
        ("person_nino", "nino varchar"),
        ("person_name_dob", "name_dob varchar"),
        ("person_name", "name varchar"),
        ("person_case", "purpose varchar, reference varchar"),
        ("matched", "record varchar, number bigint, role varchar, is_lead boolean"),
    ):
        connection.execute(f"create or replace temp table {table} ({columns})")
    _seed(connection, sought)
    found = -1
    while (now := _spread(connection)) > found:
        found = now
    if found == 0:
        raise ErasureError(
            "nobody in this district's vault answers to that; expected what the sender's own files"
            " say: check it, and whether it is this district"
        )
    (numbers,) = connection.execute("select count(*) from person_nino").fetchone() or (0,)
    if numbers > 1:
        raise ErasureError(
            f"people with {numbers} National Insurance numbers answer to that; expected one person:"
            " give the number too"
        )
    return found


def _seed(connection: duckdb.DuckDBPyConnection, sought: Sought) -> None:
    if sought.nino is not None:
        connection.execute(
            f"insert into person_nino select n from (select {normalised('nino', '$nino')} as n)"
            " where n is not null",
            {"nino": sought.nino},
        )
    if sought.name_and_birth is not None:
        connection.execute(
            f"insert into person_name_dob select n from"
            f" (select {normalised('name_dob', '$raw')} as n) where n is not null",
            {"raw": "\x1f".join(sought.name_and_birth)},
        )
    for purpose, reference in sought.cases:
        given = {"purpose": purpose, "reference": reference.strip()}
        leads = connection.execute(
            "select distinct name from standing join mentioned using (record, number)"
            " where is_lead and name is not null"
            " and purpose = $purpose and reference = $reference",
            given,
        ).fetchall()
        if len(leads) > 1:
            raise ErasureError(
                f"{len(leads)} people have led that {purpose} case; expected one: give the number"
                " or the name and birth date instead"
            )
        connection.execute("insert into person_case values ($purpose, $reference)", given)
        if leads:
            connection.executemany("insert into person_name values (?)", leads)


def _spread(connection: duckdb.DuckDBPyConnection) -> int:
    """Find where the person stands by what is known of them, and learn what stands there."""
    connection.execute(
        """
        create or replace temp table matched as
        select record, number, role, is_lead
        from standing
        where nino in (select nino from person_nino)
            or (
                name_dob in (select name_dob from person_name_dob)
                and (nino is null or not exists (select 1 from person_nino))
            )
            or (
                name in (select name from person_name)
                and (nino is null or not exists (select 1 from person_nino))
                and (name_dob is null or not exists (select 1 from person_name_dob))
                and (record, number) in (
                    select (record, number) from mentioned
                    where (purpose, reference) in (select (purpose, reference) from person_case)
                )
            )
        """
    )
    for table, column in (
        ("person_nino", "nino"), ("person_name_dob", "name_dob"), ("person_name", "name"),
    ):  # fmt: skip
        connection.execute(
            f"insert into {table}"
            # distinct: they stand in many rows
            f" select distinct {column} from standing join matched using (record, number, role)"
            f" where {column} is not null and {column} not in (select {column} from {table})"
        )
    connection.execute(
        """
        insert into person_case
        -- distinct: a case is mentioned in many rows
        select distinct purpose, reference
        from mentioned
        where (record, number) in (select (record, number) from matched)
            and (purpose, reference) not in (select (purpose, reference) from person_case)
        """
    )
    (found,) = connection.execute("select count(*) from matched").fetchone() or (0,)
    return int(found)


def tombstones(connection: duckdb.DuckDBPyConnection, parameters: Mapping[str, bytes]) -> pa.Table:
    """Return the marks by which the person found will be known again (see tombstones)."""
    has_nino = "exists (select 1 from person_nino)"
    case = case_message("purpose", "reference", "name")
    return connection.execute(
        f"""
        select {mark_sql(nino_message("nino"))} as mark from person_nino
        union
        select {mark_sql(name_dob_message("name_dob", has_nino))} from person_name_dob
        union
        select {mark_sql(case)} from person_case cross join person_name
        """,
        dict(parameters),
    ).to_arrow_table()
