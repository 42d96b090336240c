"""The exact figures behind published ones: to hold an attacker's bounds against, and to let slip.

No part of the attacker, who has none of this.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import attacker_months
import duckdb
from attacker_bounds import Cell

from openlsi.config.county import configuration_files
from openlsi.disclosure.kinds import Count, Pounds
from openlsi.disclosure.reading import load_specs
from openlsi.disclosure.spec import TableSpec
from openlsi.home import Home

# No proposal stands in the attacked counties, so that these tables have no rows there.
_OF_PROPOSALS = ("proposal_key", "option_key", "trait", "part")


def specs() -> dict[str, TableSpec]:
    """Return the descriptions of the published tables, as shipped."""
    return dict(load_specs(configuration_files(Home(Path("no county's own")), "disclosure")))


def exact(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[Cell, int | Decimal]]:
    """Yield each published cell of people or pounds, and what it exactly is."""
    for spec in specs().values():
        figures = _figures(spec)
        if not figures:
            continue
        sources = {column.name: column.source for column in spec.columns if column.kind == "key"}
        names = [name for name in attacker_months.KEYS if name in sources]
        if "month" not in sources and "financial_year" in sources:
            names.append("financial_year")
        # The year of the shares is a key too: they are of one year here.
        assert set(sources) - set(names) <= {"shares_year_key", *_OF_PROPOSALS}, spec.table
        chosen = [sources[name] for name in names] + [column.source for column in figures]
        where = f"where {spec.where}" if spec.where else ""
        found = con.execute(f"select {', '.join(chosen)} from metrics.{spec.source} {where}")
        for told in found.fetchall():
            for column, figure in zip(figures, told[len(names) :], strict=True):
                if figure is not None:
                    yield (spec.table, column.name, tuple(told[: len(names)])), figure


def show(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Show what is hidden in a table but for counts under 10 and their pounds; return how much.

    As if nobody had thought of hiding more of this table than what is small.
    """
    spec = specs()[table]
    sources = {column.name: column.source for column in spec.columns if column.kind == "key"}
    alike = [f"exact.{source} = shown.{name}" for name, source in sources.items()]
    changed = 0
    for column in _figures(spec):
        step, count = 5, column.source
        if isinstance(column, Pounds):
            step, count = 1000, spec.column(column.count).source if column.count else ""
        where = [*alike, f"shown.{column.name}_mark = 'c'"]
        where += [f"exact.{count} >= 10"] if count else []
        where += [f"exact.{spec.where}"] if spec.where else []
        (more,) = con.execute(
            f"update published.{table} as shown set {column.name}_mark = null, {column.name} = "
            f"cast(round(exact.{column.source} / {step}.0) * {step} as bigint) "
            f"from metrics.{spec.source} as exact where {' and '.join(where)}"
        ).fetchone() or (0,)
        changed += more
    return changed


def _figures(spec: TableSpec) -> list[Count | Pounds]:
    return [column for column in spec.columns if isinstance(column, Count | Pounds)]
