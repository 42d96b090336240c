"""Hold each file against the tables that it reads, before anything is published: fail closed."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from openlsi.disclosure.kinds import Key, Label
from openlsi.disclosure.spec import DisclosureError, Specs, TableSpec

# Words, dates and flags can be passed on as they are; a number must say what it counts.
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_NUMBERS = (*_WHOLE, *(f"U{kind}" for kind in _WHOLE), "DECIMAL", "FLOAT", "DOUBLE")


def check_sources(con: duckdb.DuckDBPyConnection, specs: Specs) -> None:
    """Refuse a file whose source columns are not there, or that passes a number on as a word.

    Raises DisclosureError naming the file and the field.
    """
    for spec in specs.values():
        kinds = _kinds(con, spec)
        for field, source in _sources(spec):
            if source not in kinds:
                raise DisclosureError(
                    f"{spec.table}.yml: {field} reads metrics.{spec.source}.{source}, "
                    "which is not there"
                )
        for column in spec.columns:
            if not isinstance(column, Key | Label):
                continue
            is_told = isinstance(column, Label) and column.counts
            if kinds[column.source].startswith(_NUMBERS) and not is_told:
                raise DisclosureError(
                    f"{spec.table}.yml: {column.name} is a number ({kinds[column.source]}) and "
                    "would be published as it is; make it a count or pounds, or a label that says "
                    "what it `counts`"
                )


def _kinds(con: duckdb.DuckDBPyConnection, spec: TableSpec) -> dict[str, str]:
    rows = con.execute(
        "select column_name, data_type from information_schema.columns "
        "where table_schema = 'metrics' and table_name = ?",
        [spec.source],
    ).fetchall()
    if not rows:
        raise DisclosureError(f"{spec.table}.yml: source: there is no table metrics.{spec.source}")
    return {str(name): str(kind) for name, kind in rows}


def _sources(spec: TableSpec) -> Iterator[tuple[str, str]]:
    for field in ("where", "present", "applies"):
        source = getattr(spec, field)
        if source:
            yield field, source
    for column in spec.columns:
        told = column.model_dump(include={"source", "largest", "gross"})
        yield from ((column.name, source) for source in told.values() if source)
        if column.kind == "label" and column.unless:
            yield column.name, column.unless.source
