"""Which landed rows are an erased person's, and the SQL that lands them without that person.

A row of landing is told by its keys: the vault says which keys an identity has. Rows that the
person leads go; so do rows of the same case in the same extract (its debts, incomes, members).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import duckdb
import pyarrow as pa

from openlsi.identity.erasure import known_table
from openlsi.identity.people import RecordPeople


@dataclass(frozen=True)
class LandedRecord:
    """One record of landing: its people, its files, and what is counted and derived in it.

    `derived` is landing column → identifiers that it comes from; `gbp` the column of its pounds.
    """

    people: RecordPeople
    files: tuple[Path, ...]
    derived: dict[str, tuple[str, ...]]
    gbp: str | None

    @property
    def name(self) -> str:
        """The record with its feed."""
        return self.people.spec.record

    def without_files(self) -> LandedRecord:
        """Return the record with nothing landed."""
        return replace(self, files=())

    @property
    def relation(self) -> str:
        """SQL for all rows landed of the record."""
        listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in self.files)
        return (
            f"read_parquet([{listed}], hive_partitioning = false, union_by_name = true,"
            " file_row_number = true)"
        )

    @property
    def affected(self) -> str:
        """The table of rows that go, or that somebody is taken out of."""
        return f"affected_{self.name}"


def find_rows(connection: duckdb.DuckDBPyConnection, records: Sequence[LandedRecord]) -> None:
    """Make `affected_<record>` (extract_id, row, source_row, is_gone, roles, gbp) of each record.

    `matched` and the vault's tables must have been made (see erasure).
    """
    connection.execute(
        "create or replace temp table gone_case"
        " (record varchar, extract_id varchar, purpose varchar, key varchar)"
    )
    for landed in records:
        _judge_identities(connection, landed.people)
        people = landed.people
        if people.is_head and people.own_key:
            connection.execute(
                f"insert into gone_case select distinct '{landed.name}', extract_id,"
                f" '{people.own_purpose}', landed.{people.own_key}"
                f" from {landed.relation} as landed join verdict_{landed.name} as verdict"
                f" on {same_keys(people)} where verdict.is_gone"  # distinct: an award a change
            )
    for landed in records:
        _find_in(connection, landed)


def _judge_identities(connection: duckdb.DuckDBPyConnection, people: RecordPeople) -> None:
    keys = ", ".join(people.spec.keys)
    variants = " union all ".join(
        f"select {selected}, is_lead, role from told" for selected in _with_links_let_go(people)
    )
    connection.execute(
        f"""
        create or replace temp table verdict_{people.spec.record} as
        with told as (
            select known.*, is_lead, role
            from {known_table(people.spec)} as known
            join matched on matched.record = '{people.spec.record}'
                and matched.number = known.number
        ),
        said as ({variants})
        select {keys}, bool_or(is_lead) as is_gone,
            list(distinct role) filter (not is_lead) as roles
        from said
        group by {keys}
        """
    )


def _with_links_let_go(people: RecordPeople) -> Iterator[str]:
    """Yield SQL for the keys of an identity, as landing has them before and after `lsi retain`.

    A month past the retention of a sharing keeps its rows and has that sharing's keys no more.
    """
    links = people.spec.links
    for count in range(len(links) + 1):
        for let_go in combinations(links, count):
            empty = {column for sharing in let_go for column in links[sharing]}
            yield ", ".join(
                f"cast(null as varchar) as {key}" if key in empty else key
                for key in people.spec.keys
            )


def same_keys(people: RecordPeople) -> str:
    """Return SQL for whether a row `landed` has all the keys of a row `verdict`."""
    return " and ".join(
        f"landed.{key} is not distinct from verdict.{key}" for key in people.spec.keys
    )


def _may_be_landed_as(people: RecordPeople) -> tuple[str, str]:
    """Return SQL for whether an identity `landed` stands in landing as `verdict`.

    The first part is a join by keys that always stay; the second is on linking keys, which a row
    has or has let go.
    """
    links = [column for columns in people.spec.links.values() for column in columns]
    stay = [
        f"landed.{key} is not distinct from verdict.{key}"
        for key in people.spec.keys
        if key not in links
    ]
    linked = [f"(verdict.{key} is null or landed.{key} = verdict.{key})" for key in links]
    return " and ".join(stay), " and ".join(linked) or "true"


def _find_in(connection: duckdb.DuckDBPyConnection, landed: LandedRecord) -> None:
    people = landed.people
    of_case = "false"
    if people.own_key:
        of_case = (
            f"(landed.extract_id, landed.{people.own_key}) in (select (extract_id, key)"
            f" from gone_case where purpose = '{people.own_purpose}' and record <> '{landed.name}')"
        )
    gbp = f"landed.{landed.gbp}" if landed.gbp else "cast(null as decimal(18, 2))"
    connection.execute(
        f"""
        create or replace temp table {landed.affected} as
        with judged as (
            select
                landed.extract_id, landed.file_row_number as row, landed.source_row, {gbp} as gbp,
                coalesce(verdict.is_gone, false) or {of_case} as is_gone,
                coalesce(verdict.roles, []) as roles
            from {landed.relation} as landed
            left join verdict_{landed.name} as verdict on {same_keys(people)}
        )
        select * from judged where is_gone or len(roles) > 0
        """
    )


def affected_extracts(
    connection: duckdb.DuckDBPyConnection, records: Sequence[LandedRecord]
) -> set[str]:
    """Return the ids of the extracts of which a landed row changes."""
    selects = " union ".join(f"select extract_id from {landed.affected}" for landed in records)
    return {str(row[0]) for row in connection.execute(selects).fetchall()} if records else set()


def write_without(
    connection: duckdb.DuckDBPyConnection,
    landed: LandedRecord,
    extract: str,
    source: Path,
    target: Path,
) -> None:
    """Write a file of landing without the person's rows, and without them in others' rows."""
    here, there = (str(path).replace("'", "''") for path in (source, target))
    connection.execute(
        f"""
        copy (
            select given.* exclude (file_row_number){_taken_out(landed)}
            from read_parquet('{here}', hive_partitioning = false, file_row_number = true) as given
            left join {landed.affected} as affected
                on affected.extract_id = '{extract}' and affected.row = given.file_row_number
            where not coalesce(affected.is_gone, false)
        ) to '{there}' (format parquet, compression zstd, compression_level 1)
        """
    )


def _taken_out(landed: LandedRecord) -> str:
    """Return SQL that empties what comes from a role's identifiers where the role is erased."""
    replaced = []
    for column, of in landed.derived.items():
        roles = [role.name for role in landed.people.roles if set(role.identifiers) & set(of)]
        if roles:
            named = ", ".join(f"'{role}'" for role in roles)
            replaced.append(
                f"case when list_has_any(coalesce(affected.roles, []), [{named}]) then null"
                f" else given.{column} end as {column}"
            )
    return f" replace ({', '.join(replaced)})" if replaced else ""


def drop_identities(connection: duckdb.DuckDBPyConnection, landed: LandedRecord) -> None:
    """Mark in `dropped_<record>` the identities of the vault that no landed row has any more.

    The person's own, and those of rows that went with their case unless a row is left of them.
    """
    people, name = landed.people, landed.name
    stay, linked = _may_be_landed_as(people)
    connection.execute(
        f"""
        create or replace temp table dropped_{name} as
        with rows_landed as (
            select landed.*, coalesce(affected.is_gone, false) as is_gone
            from {landed.relation} as landed
            left join {landed.affected} as affected
                on affected.extract_id = landed.extract_id and affected.row = landed.file_row_number
        ),
        verdict as (
            select {", ".join(people.spec.keys)},
                bool_and(is_gone) as is_all_gone
            from rows_landed group by {", ".join(people.spec.keys)}
        ),
        standing as (
            select landed.number, verdict.is_all_gone
            from {known_table(people.spec)} as landed
            join verdict on {stay}
            where {linked}
        )
        select number from matched where record = '{name}' and is_lead
        union
        select number from standing group by number having bool_and(is_all_gone)
        """
    )


def kept_identities(
    connection: duckdb.DuckDBPyConnection, people: RecordPeople, extract: str
) -> pa.Table:
    """Return an extract's identities of a record for the vault, without the person."""
    name = people.spec.record
    columns = []
    for column in [*(f"i_{i}" for i in people.spec.identifiers), *people.spec.keys]:
        roles = [
            role.name
            for role in people.roles
            if column in people.keys_of(role) or column.removeprefix("i_") in role.identifiers
        ]
        nothing = "''" if column.startswith("i_") else "null"
        named = ", ".join(f"'{role}'" for role in roles)
        columns.append(
            f"case when list_has_any(coalesce(taken.roles, []), cast([{named}] as varchar[]))"
            f" then {nothing} else known.{column} end as {column}"
        )
    return connection.execute(
        f"""
        select {", ".join(columns)}
        from {known_table(people.spec)} as known
        left join (
            select number, list(role) as roles from matched
            where record = '{name}' and not is_lead group by number
        ) as taken on taken.number = known.number
        where known.extract_id = '{extract}'
            and known.number not in (select number from dropped_{name})
        order by known.number
        """
    ).to_arrow_table()


def rows_not_theirs(connection: duckdb.DuckDBPyConnection, rows: pa.Table) -> pa.Table:
    """Return the raw rows that were set aside without those that seem to speak of the person.

    One too many is left out sooner than one too few: their totals are in the ledger anyhow.
    """
    connection.register("rows_set_aside", rows)
    letters = "regexp_replace(upper(strip_accents(text)), '[^A-Z]', '', 'g')"
    kept = connection.execute(
        f"""
        select rows_set_aside.* from rows_set_aside
        where not exists (
            select 1 from person_nino
            where contains(regexp_replace(upper(text), '[^A-Z0-9]', '', 'g'), nino)
        )
        and not exists (
            select 1 from person_case
            where regexp_matches(
                text, '(^|[^A-Za-z0-9])' || regexp_escape(reference) || '([^A-Za-z0-9]|$)'
            )
        )
        and not exists (
            select 1 from person_name
            where contains({letters}, split_part(name, '|', 1))
                and contains({letters}, split_part(name, '|', 2))
        )
        """
    ).to_arrow_table()
    connection.unregister("rows_set_aside")
    return kept
