"""One publish as one transaction: rows are copied aside, reconciled, and then take the old's place.

Rows are replaced within their tables (`delete`, `insert`), not by renaming new tables: a reader's
snapshot then decides what it sees, in every isolation level, nobody waits for anybody, and views
that others made go on working. Only a table whose columns have changed is made anew, after all the
others have their rows, since its readers wait from then on.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from openlsi.bi.address import Address
from openlsi.bi.contents import Generation
from openlsi.bi.errors import PublishError
from openlsi.bi.postgres.reading_ahead import ReadingAhead
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
        shapes = _Shapes(session, contents, roles)
        shapes.make_new()
        totals, later = [], []
        with ReadingAhead(generation, contents.tables) as ahead:
            staged = _Staged(session, ahead, contents.tables)
            for number, table in enumerate(contents.tables):
                totals.append(staged.take(number, table))
                if (table.schema, table.name) in shapes.ready:
                    _replace(session, table, _staged(number), totals[number].rows, roles)
                else:
                    later.append((number, table))
        # Last, since whoever reads a table that is made anew waits from here on.
        anew = shapes.make_anew()
        for number, table in later:
            _replace(session, table, _staged(number), totals[number].rows, roles)
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

    def __init__(self, session: Session, ahead: ReadingAhead, tables: Sequence[Table]) -> None:
        self._session, self._ahead = session, ahead
        # Unanalysed and without row security, since nobody but this session can see them.
        session.execute_all(
            [
                f"create temporary table {_staged(number)} ({columns_of(table)}) on commit drop"
                for number, table in enumerate(tables)
            ]
        )

    def take(self, number: int, table: Table) -> Totals:
        """Copy the rows of a table aside, and return its totals, which both sides agree on."""
        name, rows = _staged(number), self._ahead.rows()
        try:
            self._session.copy_in(name, rows)
        except PublishError:
            # The driver tells of a fault in reading as one in sending.
            self._ahead.check()
            raise
        reach("publish.table_copied")
        here = self._ahead.totals()
        query = totals_query(table, f"pg_temp.{name}", "")
        there = totals_of(table, self._session.rows(query)[0])
        if there != here:
            raise PublishError(
                f"{table.schema}.{table.name}: {here.difference(there)}; nothing was changed there"
            )
        return here


def _staged(number: int) -> str:
    return f"staged_{number}"


class _Shapes:
    """What is there of tables and views, what has to be, and what of it stays as it is.

    What nobody has changed since the last publish, in the database or in the project, is left
    alone, so that its readers are too.
    """

    def __init__(self, session: Session, contents: Contents, roles: Roles) -> None:
        self._session = session
        self._wanted: dict[Name, list[str]] = {
            (one.schema, one.name): table_statements(one, roles) for one in contents.tables
        }
        over = {(one.schema, one.name): one for one in contents.views}
        self._wanted |= {name: view_statements(view, roles) for name, view in over.items()}
        self._kept, self._found = kept_shapes(session), states(session)
        as_it_was = {
            name
            for name, statements in self._wanted.items()
            if name in self._found
            and self._kept.get(name) == (signature(statements), self._found[name])
        }
        # A view goes with the table that it reads.
        as_it_was -= {
            name
            for name, view in over.items()
            if (view.over.schema, view.over.name) not in as_it_was
        }
        self.ready = as_it_was

    def make_new(self) -> None:
        """Make the tables of which nothing is there: nobody can be waiting for one."""
        new = [
            name for name in self._wanted if name not in self._found and name[0] not in VIEW_SCHEMAS
        ]
        for name in new:
            self._session.execute_all(self._wanted[name])
        self.ready = self.ready | set(new)

    def make_anew(self) -> dict[Name, str]:
        """Drop what is published no more or was changed, and make what is not as it should be.

        Returns the signature of every table and view that was made.
        """
        as_it_was = self.ready & self._found.keys()
        old = [n for n in {*self._kept, *self._wanted} & self._found.keys() if n not in as_it_was]
        views_first = sorted(old, key=lambda name: name[0] not in VIEW_SCHEMAS)
        self._session.execute_all([_drop(name) for name in views_first])
        for name, statements in self._wanted.items():
            if name not in self.ready:
                self._session.execute_all(statements)
        return {
            name: signature(statements)
            for name, statements in self._wanted.items()
            if name not in as_it_was
        }


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
