"""Tables, policies, views and words as PostgreSQL has them: how they are made, and that they stand.

Row-level security keys on `current_user` alone: a policy is for a role, and PostgreSQL applies it
to whoever is that role or has been granted it; no session variable decides what is read. `force`
holds the owner to it too, so that a function or view of the owner's gives nothing away.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from openlsi.bi.errors import PublishError
from openlsi.bi.postgres.roles import Roles
from openlsi.bi.relations import Column, Table, View, literal, quoted

RECORD = "lsi"
# Whose row it is, as one true among falses, in the order of the districts' roles. A policy that is
# such a mark costs the planner nothing, so that no condition of a reader's goes before it. One that
# compares codes can be overtaken by a condition on a flag or on emptiness, and that condition tells
# by its side effects, such as a sub-select that EXPLAIN ANALYZE saw run, what somebody else's row
# holds. One that looks the role up tells it by how often the look-up ran.
ROW_OF = "row_of"
_ABOUT_ROW_OF = "Whose row it is, for the policies of row-level security; see district_code."
_TYPES = {
    "VARCHAR": "text",
    "BIGINT": "bigint",
    "INTEGER": "integer",
    "SMALLINT": "smallint",
    "DOUBLE": "double precision",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
}


def column_type(column: Column, where: str) -> str:
    """Return PostgreSQL's type for one of DuckDB's; raise PublishError where it has none."""
    decimal = re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", column.kind)
    if decimal:
        return f"numeric({decimal[1]},{decimal[2]})"
    if column.kind not in _TYPES:
        raise PublishError(
            f"{where}.{column.name}: type {column.kind} has no counterpart in PostgreSQL here; cast"
            f" it in the model to one of {', '.join(_TYPES)} or a decimal"
        )
    return _TYPES[column.kind]


def columns_of(table: Table) -> str:
    """Return the columns of a table with their types, as in `create table`."""
    return ", ".join(
        f"{quoted(one.name)} {column_type(one, f'{table.schema}.{table.name}')}"
        for one in table.columns
    )


def table_statements(table: Table, roles: Roles) -> list[str]:
    """Return what makes a table, who may read which of its rows, and its words."""
    name, readers = table.full_name, roles.that_read(table.readers)
    policies, marks = {", ".join(readers): "true"}, ""
    if table.owner_column:
        policies = {role: f"{ROW_OF}[{place}]" for place, role in _places(roles)}
        marks = f", {ROW_OF} boolean[]"
    statements = [
        f"create table {name} ({columns_of(table)}{marks})",
        *locked(name, roles.owner, policies),
    ]
    if table.owner_column:
        # What the planner knows of a column is known of all districts' rows, and EXPLAIN tells it.
        chosen = ", ".join(
            f"alter column {quoted(one.name)} set statistics 0" for one in table.columns
        )
        statements.append(f"alter table {name} {chosen}, alter column {ROW_OF} set statistics 0")
        statements.append(f"comment on column {name}.{ROW_OF} is {literal(_ABOUT_ROW_OF)}")
    return statements + _comments("table", name, table.comment, table.columns)


def _places(roles: Roles) -> list[tuple[int, str]]:
    """Return each district's role with its place, from 1, in the marks of a row."""
    return list(enumerate(roles.districts.values(), 1))


def insertion(table: Table, staged: str, roles: Roles) -> str:
    """Return what puts staged rows into their table, each marked as its district's."""
    if not table.owner_column:
        return f"insert into {table.full_name} select * from {staged}"
    codes = list(roles.districts)
    marks = ", ".join(
        f"({literal(code)}, array[{', '.join(str(code == other).lower() for other in codes)}])"
        for code in codes
    )
    return (
        f"insert into {table.full_name} select rows.*, owners.marks from {staged} as rows"
        f" left join (values {marks}) as owners (code, marks)"
        f" on rows.{quoted(table.owner_column)} = owners.code"
    )


def locked(name: str, owner: str, policies: Mapping[str, str]) -> list[str]:
    """Return what closes a table to all but its readers, each with the condition on its rows.

    The owner may fill and empty it, and reads nothing unless it is a reader too.
    """
    made = [
        f"create policy {'read' if own == 'true' else f'rows_of_{role}'} on {name}"
        f" for select to {role} using ({own})"
        for role, own in policies.items()
    ]
    return [
        f"revoke all on {name} from public",
        f"alter table {name} enable row level security",
        f"alter table {name} force row level security",
        f"create policy filled on {name} for insert to {owner} with check (true)",
        f"create policy emptied on {name} for delete to {owner} using (true)",
        *made,
        f"grant select on {name} to {', '.join(policies)}",
    ]


def view_statements(view: View, roles: Roles) -> list[str]:
    """Return what makes a view that reads as whoever asks, and its words."""
    readers = ", ".join(roles.that_read(view.over.readers))
    return [
        f"create view {view.full_name} with (security_invoker = true, security_barrier = true)"
        f" as {view.select}",
        f"revoke all on {view.full_name} from public",
        f"grant select on {view.full_name} to {readers}",
        *_comments("view", view.full_name, view.comment, view.columns),
    ]


def _comments(kind: str, name: str, comment: str, columns: tuple[Column, ...]) -> list[str]:
    told = [(f"{kind} {name}", comment)]
    told += [(f"column {name}.{quoted(one.name)}", one.comment) for one in columns]
    return [f"comment on {what} is {literal(text)}" for what, text in told if text]


def signature(statements: list[str]) -> str:
    """Return a hash of how a table or view is made."""
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()


# Everything of a table or view that decides who may read what of it, as one text a relation. Row
# types and indexes are no part of it; a trigger or rule that somebody added is.
STATES = """
select
    n.nspname::text,
    c.relname::text,
    md5(concat_ws(
        '|', c.relkind, pg_get_userbyid(c.relowner), c.relrowsecurity, c.relforcerowsecurity,
        c.reloptions::text,
        (select string_agg(x::text, ',' order by x::text) from unnest(c.relacl) as x),
        (select string_agg(concat_ws(
            ' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attstattarget, a.attacl::text
        ), ',' order by a.attnum) from pg_attribute as a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
        (select string_agg(concat_ws(
            ' ', p.polname, p.polcmd, p.polpermissive,
            (select string_agg(pg_get_userbyid(r), ',' order by r) from unnest(p.polroles) as r),
            pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
        ), ',' order by p.polname) from pg_policy as p where p.polrelid = c.oid),
        case when c.relkind = 'v' then pg_get_viewdef(c.oid) end,
        (select count(*) from pg_trigger as t where t.tgrelid = c.oid),
        (select count(*) from pg_rewrite as w where w.ev_class = c.oid)
    ))
from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid
where n.nspname in ({schemas}) and c.relkind in ('r', 'v', 'm', 'p', 'f')
"""

# Whoever else may do anything with what is published, however it came to that.
STRANGERS = """
select n.nspname || '.' || c.relname, coalesce(g.rolname, 'public')::text, x.privilege_type
from pg_class as c
inner join pg_namespace as n on c.relnamespace = n.oid
cross join aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) as x
left join pg_roles as g on x.grantee = g.oid
where n.nspname in ({schemas}) and x.grantee <> c.relowner
    and (g.rolname is null or g.rolname not in ({readers}) or x.privilege_type <> 'SELECT')
order by 1, 2
"""
