"""What can be wrong with a row of a record: each fault by number, and the SQL that finds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openlsi.extract.columns import BAD_VALUE
from openlsi.extract.layout_mapping import Lookup, Mapping, RecordMapping
from openlsi.extract.layouts import split_source
from openlsi.extract.records import Check, Column, Identifier, Record, columns_of
from openlsi.extract.slot import ERASED

# Kinds of identifiers that are taken as text, with nothing to be read out of them.
NOT_TYPED = frozenset({"ref", "text"})

Fields = dict[str, tuple[Mapping, Identifier | Column]]


@dataclass(frozen=True)
class Fault:
    """Why a row is quarantined.

    `column_name` is the landing column it concerns, `field` the mapped field whose text is at
    fault (None if no single one is), `alias` the table that the text stands in.
    """

    reason: str
    column_name: str
    field: str | None
    alias: str


def faults_of(
    mapping: RecordMapping, fields: Fields, definition: Record
) -> tuple[list[Fault], list[str]]:
    """Return the faults by number, and the arms of the CASE that finds the first of a row."""
    found = [
        *_missing(mapping, fields, definition),
        *_unreadable(mapping, fields, definition),
        *_untrue(mapping, fields, definition),
    ]
    arms = [f"when {condition} then {number}" for number, (condition, _) in enumerate(found, 1)]
    # Judged when the month, the other rows or the people erased are known: there is no arm for it.
    later = [
        Fault(
            "born_after_month", landing_column(definition, name), name,
            _alias_of(fields[name][0], mapping),
        )
        for name in definition.births
        if name in fields
    ]  # fmt: skip
    repeated = landing_column(definition, definition.unique[0])
    later += [Fault(why, repeated, None, mapping.driving) for why in ("duplicate_key", ERASED)]
    return [*(fault for _, fault in found), *later], arms


def _missing(
    mapping: RecordMapping, fields: Fields, definition: Record
) -> Iterator[tuple[str, Fault]]:
    """Yield what is not there: of the row itself, then other tables' rows, then of those."""
    required = [
        (f"is_missing_{name}", Fault("missing_required", landing_column(definition, name), name,
                                     _alias_of(field, mapping)))
        for name, (field, kind) in fields.items()
        if kind.required
    ]  # fmt: skip
    # A row without its own reference finds nothing in other tables either: say the former.
    yield from (one for one in required if one[1].alias == mapping.driving)
    for lookup in mapping.lookups:
        if lookup.required:
            column = lookup.column or _matched_column(lookup, mapping, definition)
            fault = Fault("missing_lookup", column, None, mapping.driving)
            yield f"row_{lookup.alias} is null", fault
    yield from (one for one in required if one[1].alias != mapping.driving)


def _unreadable(
    mapping: RecordMapping, fields: Fields, definition: Record
) -> Iterator[tuple[str, Fault]]:
    """Yield texts that are no reference, then those that are no value of their column's kind."""
    for name, (field, kind) in fields.items():
        if kind.type == "ref":
            column = landing_column(definition, name)
            fault = Fault("bad_reference", column, name, _alias_of(field, mapping))
            yield _is_bad_reference(field, f"r_{name}"), fault
    for name, (field, kind) in fields.items():
        if kind.type not in NOT_TYPED:
            column, alias = landing_column(definition, name), _alias_of(field, mapping)
            is_bad = f"v_{name} is null and not is_missing_{name}"
            yield is_bad, Fault(BAD_VALUE[kind.type], column, name, alias)


def _untrue(
    mapping: RecordMapping, fields: Fields, definition: Record
) -> Iterator[tuple[str, Fault]]:
    """Yield values that cannot stand beside each other."""
    for check in definition.checks:
        # A column that this sender does not have cannot be held against another.
        if set(columns_of(check)) <= set(fields):
            condition, reason, name = _check(check)
            alias = _alias_of(mapping.columns[name], mapping)
            yield condition, Fault(reason, name, name, alias)


def _is_bad_reference(field: Mapping, raw: str) -> str:
    """Return SQL that is true where a reference has lost digits: to a spreadsheet, or its zeros."""
    is_float = f"contains({raw}, 'E+') or contains({raw}, 'e+')"
    is_bad = f"({is_float}) and regexp_full_match({raw}, '[0-9]+([.][0-9]+)?[Ee][+][0-9]+')"
    if field.length is None:
        return is_bad
    return f"({is_bad} or ({raw} <> '' and length({raw}) <> {field.length}))"


def landing_column(definition: Record, field: str) -> str:
    """Return the landing column that a field gives: its own, else the one nearest to it.

    A key made of it first of all, or what is derived of it alone, such as an age.
    """
    derived = [name for name, column in definition.columns.items() if field in column.of]
    for name, column in definition.columns.items():
        if column.of[:1] == [field] and (column.type == "key" or column.of == [field]):
            return name
    return field if field in definition.columns or not derived else derived[0]


def _matched_column(lookup: Lookup, mapping: RecordMapping, definition: Record) -> str:
    """Return the landing column of the field by which a look-up is matched."""
    matched = [split_source(source, mapping) for source in lookup.match.values()]
    for name, field in mapping.columns.items():
        if field.source is not None and split_source(field.source, mapping) in matched:
            return landing_column(definition, name)
    return lookup.alias


def _alias_of(field: Mapping, mapping: RecordMapping) -> str:
    source = field.source or (field.sources[0] if field.sources else "")
    return split_source(source, mapping)[0]


def _check(check: Check) -> tuple[str, str, str]:
    if check.kind == "not_before":
        assert check.start and check.end
        return f"v_{check.end} < v_{check.start}", "end_before_start", check.end
    if check.kind == "not_above":
        assert check.column and check.limit
        amount = f"-v_{check.column}" if check.is_credit else f"v_{check.column}"
        if check.times is None:
            return f"{amount} > v_{check.limit}", "above_limit", check.column
        is_above = f"v_{check.limit} > 0 and {amount} > {check.times} * v_{check.limit}"
        return is_above, "above_limit", check.column
    assert check.total
    terms = [*(f"+ v_{name}" for name in check.plus), *(f"- v_{name}" for name in check.minus)]
    return f"v_{check.total} <> 0 {' '.join(terms)}", "does_not_add", check.total
