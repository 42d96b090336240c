"""One publish as one transaction: rows are copied aside, reconciled, and then take the old's place.

Rows are replaced within their tables (`delete`, `insert`), not by renaming new tables: a reader's
snapshot then decides what it sees, in every isolation level, nobody waits for anybody, and views
that others made go on working. Only a table whose columns have changed is made anew.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from openlsi.bi.address import Address
from openlsi.bi.contents import Generation
from openlsi.bi.errors import PublishError
from openlsi.bi.postgres.record import Name, kept_shapes, make_record, states, write_record
from openlsi.bi.postgres.roles import Roles, make_sure_of_roles
from openlsi.bi.postgres.session import Session, connected
from openlsi.bi.postgres.shape import (
    RECORD,
    STRANGERS,
    columns_of,
    insertion,
    signature,
    table_statements,
    view_statements,
)
from openlsi.bi.reconciling import Totals, totals_of, totals_query
from openlsi.bi.relations import SCHEMAS, VIEW_SCHEMAS, Contents, Table, literals, quoted
from openlsi.failpoints import reach

_OLDEST_SERVER = 150000
_LOCK = "hashtext('openlsi publish')"
_BATCH_ROWS = 100_000


@dataclass(frozen=True)
class Published:
    """What one publish came to."""

    build_id: str
    tables: int
    views: int
    rows: int
    made_anew: int
    seconds: float


def publish(generation: Generation, address: Address, roles: Roles) -> Published:
    """Publish a generation to a database; readers see all of the old build until all of this one.

    Raises PublishError with one plain line, and leaves the database as it was, where it cannot.
    """
    began = time.monotonic()
    contents = generation.contents()
    with connected(address) as session:
        _prepare(session, address, roles)
        staged = _Staged(session, generation)
        totals = [staged.take(number, table) for number, table in enumerate(contents.tables)]
        anew = _shape(session, contents, roles)
        for number, table in enumerate(contents.tables):
            _replace(session, table, f"staged_{number}", totals[number].rows, roles)
        write_record(session, contents, totals, anew)
        _refuse_strangers(session, roles)
        reach("publish.before_commit")
        session.commit()
        reach("publish.after_commit")
    return Published(
        contents.build_id,
        len(contents.tables),
        len(contents.views),
        sum(one.rows for one in totals),
        len(anew),
        time.monotonic() - began,
    )


def _prepare(session: Session, address: Address, roles: Roles) -> None:
    ((version,),) = session.rows("select current_setting('server_version_num')::int")
    if version < _OLDEST_SERVER:
        raise PublishError(
            f"{address.shown}: found PostgreSQL {version // 10000}, expected 15 or later: an older"
            " one has no views that read as whoever asks"
        )
    ((is_ours,),) = session.rows(f"select pg_try_advisory_xact_lock({_LOCK})")
    if not is_ours:
        raise PublishError(
            f"{address.shown}: another publish is running; wait for its end, then publish again"
        )
    session.execute("set local lock_timeout = '10s'")
    session.execute("set local row_security = on")
    make_sure_of_roles(session, roles)
    _make_schemas(session, roles)
    session.execute(f"set local role {roles.owner}")
    make_record(session, roles)


def _make_schemas(session: Session, roles: Roles) -> None:
    wanted = (*SCHEMAS, RECORD)
    known = dict(
        session.rows(
            "select nspname::text, pg_get_userbyid(nspowner)::text from pg_namespace"
            f" where nspname in ({literals(wanted)})"
        )
    )
    for name, owner in known.items():
        if owner != roles.owner:
            raise PublishError(
                f"schema {name}: found it owned by {owner}, expected {roles.owner} or none of that"
                " name; publish to a database of its own, or rename that schema; nothing was"
                " changed there"
            )
    statements = [
        f"create schema {name} authorization {roles.owner}" for name in wanted if name not in known
    ]
    session.execute_all(statements)


class _Staged:
    """Rows beside the tables that they are for, within the transaction and seen by nobody else."""

    def __init__(self, session: Session, generation: Generation) -> None:
        self._session, self._generation = session, generation

    def take(self, number: int, table: Table) -> Totals:
        """Copy the rows of a table aside, and return its totals, which both sides agree on."""
        session, con = self._session, self._generation.con
        name = f"staged_{number}"
        # Unanalysed and without row security, since nobody but this session can see it.
        session.execute(f"create temporary table {name} ({columns_of(table)}) on commit drop")
        batches = con.sql(_rows_to_send(table)).to_arrow_reader(_BATCH_ROWS)
        session.copy_in(name, batches)
        reach("publish.table_copied")
        there = totals_of(table, session.rows(totals_query(table, f"pg_temp.{name}", ""))[0])
        row = con.execute(totals_query(table, table.source, table.where)).fetchone()
        here = totals_of(table, row or ())
        if there != here:
            raise PublishError(
                f"{table.schema}.{table.name}: {here.difference(there)}; nothing was changed there"
            )
        return here


def _rows_to_send(table: Table) -> str:
    chosen = ", ".join(quoted(one.name) for one in table.columns)
    where = f" where {table.where}" if table.where else ""
    # Mixed, so that where a district's own rows lie tells nothing of how many lie before them.
    order = " order by random()" if table.owner_column else ""
    return f"select {chosen} from {table.source}{where}{order}"


def _shape(session: Session, contents: Contents, roles: Roles) -> dict[Name, str]:
    """Make what is not there as it should be, drop what is published no more.

    Returns the signature of every table and view that was made. What nobody has changed since the
    last publish, in the database or in the project, is left alone, so that its readers are too.
    """
    wanted: dict[Name, list[str]] = {
        (one.schema, one.name): table_statements(one, roles) for one in contents.tables
    }
    over = {(one.schema, one.name): one for one in contents.views}
    wanted |= {name: view_statements(view, roles) for name, view in over.items()}
    kept = kept_shapes(session)
    found = states(session)
    as_it_was = {
        name
        for name, statements in wanted.items()
        if name in found and kept.get(name) == (signature(statements), found[name])
    }
    # A view goes with the table that it reads.
    as_it_was -= {
        name for name, view in over.items() if (view.over.schema, view.over.name) not in as_it_was
    }
    old = [name for name in {*kept, *wanted} & found.keys() if name not in as_it_was]
    views_first = sorted(old, key=lambda name: name[0] not in VIEW_SCHEMAS)
    session.execute_all([_drop(name) for name in views_first])
    anew = {name: statements for name, statements in wanted.items() if name not in as_it_was}
    for statements in anew.values():
        session.execute_all(statements)
    return {name: signature(statements) for name, statements in anew.items()}


def _drop(name: Name) -> str:
    kind = "view" if name[0] in VIEW_SCHEMAS else "table"
    return f"drop {kind} {quoted(name[0])}.{quoted(name[1])}"


def _replace(session: Session, table: Table, staged: str, rows: int, roles: Roles) -> None:
    session.execute(f"delete from {table.full_name}")
    inserted = session.execute(insertion(table, f"pg_temp.{staged}", roles))
    if inserted != rows:
        raise PublishError(
            f"{table.schema}.{table.name}: {rows} rows were sent and {inserted} arrived;"
            " nothing was changed there"
        )
    reach("publish.table_replaced")


def _refuse_strangers(session: Session, roles: Roles) -> None:
    rows = session.rows(
        STRANGERS.format(schemas=literals(SCHEMAS), readers=literals(roles.readers))
    )
    for relation, role, right in rows:
        raise PublishError(
            f"{relation}: {role} would have the right to {right.lower()} it, as a default that"
            " somebody has set; let the database's administrator take that default back (alter"
            " default privileges); nothing was changed there"
        )
