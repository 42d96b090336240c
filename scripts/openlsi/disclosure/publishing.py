"""Write schema `published` from schema `metrics`: all that a page or the county may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from openlsi.disclosure.audit import audit
from openlsi.disclosure.columns import first_columns, later_column, needs
from openlsi.disclosure.effects import effect_names, with_effects
from openlsi.disclosure.funnels import funnel_names, with_funnels
from openlsi.disclosure.kinds import Lookup, Score, Summary
from openlsi.disclosure.positions import position_columns, position_names
from openlsi.disclosure.protect import protect
from openlsi.disclosure.reading import load_specs
from openlsi.disclosure.rules import Rules, rules_for
from openlsi.disclosure.sources import check_sources
from openlsi.disclosure.spec import DisclosureError, Specs, TableSpec, is_marked
from openlsi.disclosure.told import lay_told
from openlsi.disclosure.wording import literal, quoted, working_table
from openlsi.failpoints import reach

_ROUNDED = (
    "Figures under 10 are hidden [c], others rounded to 5 and pounds to £1,000, each on its own, "
    "so parts need not add."
)
_EXACT = "Exact figures of one district, for its own officers: not to publish."
_OFFICIAL = "Official figures, published by others and shown unchanged."

Parameters = Mapping[str, str | bool | date]


@dataclass(frozen=True)
class PublishedTable:
    """One table of schema `published`."""

    name: str
    rows: int


def publish_tables(
    con: duckdb.DuckDBPyConnection,
    spec_files: Sequence[Path],
    edition: str,
    parameters: Parameters,
    owner: str | None = None,
) -> list[PublishedTable]:
    """Make schema `published` anew for one edition and attack it; raise if the attack succeeds.

    `parameters` become the one row of `metrics.run_parameters` (build_id, today and such), which a
    spec may read like any other table. `owner` is the district of the district edition.
    """
    return publish_specs(con, load_specs(spec_files), edition, parameters, owner)


def publish_specs(
    con: duckdb.DuckDBPyConnection,
    described: Specs,
    edition: str,
    parameters: Parameters,
    owner: str | None = None,
) -> list[PublishedTable]:
    """Make schema `published` from descriptions that are read already; as `publish_tables`."""
    rules = rules_for(edition, owner)
    specs = _of_edition(described, rules)
    _write_parameters(con, {**parameters, "edition": edition})
    con.execute("drop schema if exists published cascade")
    con.execute("create schema published")
    check_sources(con, specs)
    reach("disclosure.before_protect")
    protect(con, specs, rules, owner)
    reach("disclosure.before_emit")
    build_id = str(parameters["build_id"])
    try:
        tables = [_emit(con, specs[name], specs, rules, build_id) for name in _in_order(specs)]
    finally:
        for name in specs:
            con.execute(f"drop table if exists {working_table(name)}")
    reach("disclosure.before_audit")
    _refuse_leaks(con, specs, rules)
    reach("disclosure.after_audit")
    return [_kept_back(con, table, specs[table.name], edition) for table in tables]


def _of_edition(specs: Specs, rules: Rules) -> dict[str, TableSpec]:
    """Return the tables that an edition is made from; a district's own has no other's rows.

    Readers of the county's edition read the public's too, so that both hide the same cells: the
    public's is made with the tables that only the county reads, which are then kept back.
    """
    read_along = {"public": {"public", "county"}}.get(rules.edition, {rules.edition})
    return {
        name: spec
        for name, spec in specs.items()
        if read_along.intersection(spec.editions)
        and not (rules.one_owner_only and spec.status == "controlled" and not spec.owner)
    }


def _kept_back(
    con: duckdb.DuckDBPyConnection, table: PublishedTable, spec: TableSpec, edition: str
) -> PublishedTable:
    """Empty a table that is not of the edition; its columns stay, so that pages still read it."""
    if edition in spec.editions:
        return table
    con.execute(f"delete from published.{quoted(table.name)}")
    return PublishedTable(table.name, 0)


def _write_parameters(con: duckdb.DuckDBPyConnection, parameters: Parameters) -> None:
    chosen = ", ".join(f"${name} as {quoted(name)}" for name in parameters)
    con.execute(
        f"create or replace table metrics.run_parameters as select {chosen}", dict(parameters)
    )


def _in_order(specs: Specs) -> list[str]:
    """Return the tables so that each comes after those that it looks things up in."""
    waiting = {name: _read_by(spec, specs) & set(specs) for name, spec in specs.items()}
    ordered: list[str] = []
    while waiting:
        ready = sorted(name for name, before in waiting.items() if before <= set(ordered))
        if not ready:
            raise DisclosureError(
                f"published tables look each other up in a circle: {', '.join(sorted(waiting))}"
            )
        ordered += ready
        for name in ready:
            del waiting[name]
    return ordered


def _read_by(spec: TableSpec, specs: Specs) -> set[str]:
    """Return the other published tables that a table's columns come from."""
    if _is_told(spec):
        # Its rows may name any table but another such list.
        return {name for name, other in specs.items() if not _is_told(other)}
    looked_up = {column.table for column in spec.columns if isinstance(column, Lookup | Summary)}
    bases = {column.base.table for column in spec.columns if isinstance(column, Score)}
    return looked_up | (bases - {spec.table})


def _is_told(spec: TableSpec) -> bool:
    return any(column.kind == "told" for column in spec.columns)


def _emit(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, specs: Specs, rules: Rules, build_id: str
) -> PublishedTable:
    rows = _stage(con, spec, rules)
    lay_told(con, spec, specs, rules)
    _add_later_columns(con, spec, specs, rules)
    alone = rules.one_owner_only
    positions = position_columns(spec.positions, one_owner_only=alone)
    staged = f"(select {', '.join(['stage.*', *positions])} from stage)"
    beside = with_funnels(staged, spec.funnels, one_owner_only=alone)
    con.execute(
        f"create or replace temp table stage as {with_effects(f'({beside})', spec.effects)}"
    )
    chosen = [quoted(name) for name in _column_names(spec, specs)]
    chosen += [
        f"{literal(spec.status)} as status",
        f"{literal(_note(spec, rules))} as release_note",
        f"{literal(build_id)} as build_id",
    ]
    order = ", ".join(quoted(name) for name in spec.order)
    con.execute(
        f"create table published.{quoted(spec.table)} as "
        f"select {', '.join(chosen)} from stage order by {order}"
    )
    con.execute("drop table stage")
    return PublishedTable(spec.table, rows)


def _stage(con: duckdb.DuckDBPyConnection, spec: TableSpec, rules: Rules) -> int:
    con.execute(
        "create or replace temp table stage as "
        f"select {', '.join(first_columns(spec, rules))} from {working_table(spec.table)}"
    )
    keys = ", ".join(quoted(key) for key in spec.keys)
    told = con.execute(f"select count(*), count(distinct ({keys})) from stage").fetchone() or (0, 0)
    rows, distinct = told
    if rows != distinct:
        raise DisclosureError(
            f"{spec.table}: {rows} rows but {distinct} keys ({', '.join(spec.keys)}); its source "
            "has a finer grain than its file says"
        )
    return int(rows)


def _add_later_columns(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, specs: Specs, rules: Rules
) -> None:
    """Add rates, averages, changes and lookups in rounds, each from columns there by then."""
    first = ("key", "label", "official", "count", "pounds")
    there = {column.name for column in spec.columns if column.kind in first}
    waiting = [column for column in spec.columns if column.name not in there]
    while waiting:
        ready = [column for column in waiting if needs(column) <= there]
        if not ready:
            names = ", ".join(column.name for column in waiting)
            raise DisclosureError(f"{spec.table}: these columns wait for each other: {names}")
        selected, joins = ["row.*"], []
        for number, column in enumerate(ready):
            chosen, joined = later_column(column, spec, specs, rules, f"other_{number}")
            selected += chosen
            joins += joined
        con.execute(
            "create or replace temp table stage as "
            f"select {', '.join(selected)} from stage as row {' '.join(joins)}"
        )
        there |= {column.name for column in ready}
        waiting = [column for column in waiting if column.name not in there]


def _column_names(spec: TableSpec, specs: Specs) -> list[str]:
    names = []
    for column in spec.columns:
        names.append(column.name)
        if is_marked(column, specs):
            names.append(f"{column.name}_mark")
    names += [name for position in spec.positions for name in position_names(position)]
    names += [name for funnel in spec.funnels for name in funnel_names(funnel)]
    return [*names, *(name for effect in spec.effects for name in effect_names(effect))]


def _note(spec: TableSpec, rules: Rules) -> str:
    controlled = _ROUNDED if rules.hides else _EXACT
    return {"controlled": controlled, "official": _OFFICIAL, "information": ""}[spec.status]


def _refuse_leaks(con: duckdb.DuckDBPyConnection, specs: Specs, rules: Rules) -> None:
    findings = audit(con, specs, rules)
    if findings:
        con.execute("drop schema published cascade")
        first = findings[0]
        raise DisclosureError(
            f"{len(findings)} published cells would give a hidden one away; the first is "
            f"{first.table}.{first.column} at {first.key}: {first.why}"
        )
