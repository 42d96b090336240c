"""What a publish keeps of itself in the database: that it was, what it held, how it was made."""

from __future__ import annotations

from collections.abc import Sequence

from openlsi.bi.postgres.roles import Roles
from openlsi.bi.postgres.session import Session
from openlsi.bi.postgres.shape import RECORD, STATES, locked
from openlsi.bi.reconciling import Totals
from openlsi.bi.relations import (
    COUNTY,
    COUNTY_METRICS,
    SCHEMAS,
    Contents,
    Table,
    View,
    literal,
    literals,
)

Name = tuple[str, str]


def make_record(session: Session, roles: Roles) -> None:
    """Make what a publish keeps of itself, where it is not there yet."""
    names = ("publication", "relation", "published_table")
    ((there,),) = session.rows(
        f"select count(*) from pg_tables where schemaname = {literal(RECORD)}"
        f" and tablename in ({literals(names)})"
    )
    readers = ", ".join(roles.readers)
    districts = ", ".join(roles.districts.values())
    statements = []
    if not there:
        publication, relation, table = (f"{RECORD}.{name}" for name in names)
        statements = [
            f"create table {publication} (build_id text not null, published_at timestamptz not null"
            " default transaction_timestamp(), tables integer not null)",
            f"comment on table {publication} is 'One row a publish; the newest is what is there"
            " now.'",
            *locked(publication, roles.owner, {"public": "true"}),
            f"revoke all on {publication} from public",
            f"create table {relation} (schema_name text, name text, signature text not null,"
            " state text not null, primary key (schema_name, name))",
            *locked(relation, roles.owner, {roles.owner: "true"}),
            f"create table {table} (build_id text not null, published_at timestamptz not null"
            " default transaction_timestamp(), schema_name text not null, name text not null,"
            " rows bigint not null, amounts numeric not null)",
            *locked(table, roles.owner, {roles.owner: "true"}),
        ]
    # Each time, since a district may have come since.
    statements.append(f"grant select on {RECORD}.publication to {readers}")
    for schema in (*SCHEMAS, RECORD):
        who = {COUNTY: roles.county, COUNTY_METRICS: roles.county, RECORD: readers}
        statements.append(f"revoke all on schema {schema} from public")
        statements.append(f"grant usage on schema {schema} to {who.get(schema, districts)}")
    session.execute_all(statements)


def kept_shapes(session: Session) -> dict[Name, tuple[str, str]]:
    """Return how each table and view was made at the last publish, and how it stood then."""
    rows = session.rows(f"select schema_name, name, signature, state from {RECORD}.relation")
    return {(schema, name): (sign, state) for schema, name, sign, state in rows}


def states(session: Session) -> dict[Name, str]:
    """Return how each table and view stands now: a hash of all that decides who reads what."""
    rows = session.rows(STATES.format(schemas=literals(SCHEMAS)))
    return {(schema, name): state for schema, name, state in rows}


def write_record(
    session: Session,
    contents: Contents,
    totals: Sequence[Totals],
    anew: dict[Name, str],
) -> None:
    """Write down what is there now, and what each publish held."""
    build = literal(contents.build_id)
    session.execute(
        f"insert into {RECORD}.publication (build_id, tables)"
        f" values ({build}, {len(contents.tables)})"
    )
    told = ", ".join(
        f"({build}, {literal(one.schema)}, {literal(one.name)}, {sums.rows}, {sums.amounts})"
        for one, sums in zip(contents.tables, totals, strict=True)
    )
    session.execute(
        f"insert into {RECORD}.published_table (build_id, schema_name, name, rows, amounts)"
        f" values {told}"
    )
    if anew:
        _record_shape(session, contents, anew)


def _record_shape(session: Session, contents: Contents, anew: dict[Name, str]) -> None:
    kept = kept_shapes(session)
    found = states(session)
    everything: tuple[Table | View, ...] = (*contents.tables, *contents.views)
    rows = []
    for one in everything:
        name = (one.schema, one.name)
        values = (*name, anew.get(name) or kept[name][0], found[name])
        rows.append(f"({literals(values)})")
    session.execute(f"delete from {RECORD}.relation")
    session.execute(f"insert into {RECORD}.relation values {', '.join(rows)}")
