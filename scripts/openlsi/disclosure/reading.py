"""Read the files that describe published tables, and check them against one another."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml
from pydantic import ValidationError

from openlsi.config.county import yaml_content
from openlsi.disclosure.kinds import Lookup, Pounds, Summary
from openlsi.disclosure.spec import DisclosureError, Specs, TableSpec


def load_specs(paths: Iterable[Path]) -> dict[str, TableSpec]:
    """Return the published tables by name; a mistake in a file names the file and the field."""
    specs: dict[str, TableSpec] = {}
    for path in paths:
        try:
            spec = TableSpec.model_validate(yaml_content(path.read_text(encoding="utf-8")))
        except (yaml.YAMLError, ValidationError) as error:
            raise DisclosureError(f"{path}: {_first_complaint(error)}") from None
        if spec.table != path.stem:
            raise DisclosureError(f"{path}: describes {spec.table}; name the file {spec.table}.yml")
        specs[spec.table] = spec
    for spec in specs.values():
        _check_references(spec, specs)
        _check_lookups(spec, specs)
    return specs


def _check_references(spec: TableSpec, specs: Specs) -> None:
    for table, column in _references(spec):
        names = {known.name for known in specs[table].columns} if table in specs else set()
        if column not in names:
            raise DisclosureError(
                f"{spec.table}.yml: refers to {table}.{column}, which no file describes"
            )


def _check_lookups(spec: TableSpec, specs: Specs) -> None:
    for column in spec.columns:
        if isinstance(column, Lookup):
            keys = set(specs[column.table].keys)
            if {*column.match, *column.only} != keys:
                raise DisclosureError(
                    f"{spec.table}.yml: {column.name} must match {column.table} on all of its "
                    f"keys ({', '.join(sorted(keys))}), or a row could meet two"
                )


def _references(spec: TableSpec) -> Iterable[tuple[str, str]]:
    for column in spec.columns:
        if isinstance(column, Lookup | Summary):
            yield (column.table, column.column)
        if isinstance(column, Pounds) and column.shown_with:
            yield (column.shown_with.table, column.shown_with.column)
    for addition in spec.adds_to:
        for name in (*addition.pairs.values(), *addition.keys_there):
            yield (addition.table, name)


def _first_complaint(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        return f"{where}: {first['msg']}"
    return f"not readable as YAML: {error}"
