"""The SQL of one record of one layout, written once and run for every extract.

`typed_<record>` holds a row a candidate record: identifiers as text (i_), typed values (v_), the
number of its first fault (0 for none), and its identity: all identifiers joined, by which keys
are looked up. It lives in memory only.
"""

from __future__ import annotations

from dataclasses import dataclass

from openlsi.extract.columns import (
    literal,
    literals,
    missing_sql,
    parsed_sql,
    sql_type,
    value_sql,
)
from openlsi.extract.faults import NOT_TYPED, Fault, Fields, faults_of
from openlsi.extract.layout_mapping import Mapping, RecordMapping
from openlsi.extract.layouts import Layout, split_source
from openlsi.extract.records import Column, Identifier, Record
from openlsi.identity.normalisation import SEPARATOR


@dataclass(frozen=True)
class RecordStatements:
    """What the loader runs for one record."""

    record: str
    definition: Record
    mapping: RecordMapping
    faults: tuple[Fault, ...]
    typed: str

    def birth_fault(self, name: str) -> int | None:
        """Return the number of the fault `born_after_month` of a birth date, None if unmapped."""
        for number, fault in enumerate(self.faults, 1):
            if fault.reason == "born_after_month" and fault.field == name:
                return number
        return None

    @property
    def duplicate_fault(self) -> int:
        """The number of the fault `duplicate_key`, of a row or of what it looks up."""
        return len(self.faults) - 1

    @property
    def erased_fault(self) -> int:
        """The number of the fault `erased`, of a row whose person was erased."""
        return len(self.faults)


def compile_record(layout: Layout, name: str, definition: Record) -> RecordStatements:
    """Write the SQL that types and judges one record of one layout."""
    mapping = layout.records[name]
    fields = {
        field: (mapping.columns[field], kind)
        for field, kind in definition.mapped.items()
        if field in mapping.columns
    }
    faults, arms = faults_of(mapping, fields, definition)
    aliases = [lookup.alias for lookup in mapping.lookups]
    carried = ["delivery", "source_row", "block_number", *(f"row_{alias}" for alias in aliases)]
    if mapping.driving in layout.summed:
        carried.append("row_count")
    identity = [_identifier(name, fields) for name in definition.identifiers]
    typed = f"""
        create or replace temp table typed_{name} as
        with sourced as (
            {" union all ".join(_sourced(layout, mapping, fields))}
        ),
        parsed as (
            select *, {", ".join(_parsed(layout, fields))} from sourced
        ),
        valued as (
            select *, {", ".join(_values(layout, fields))} from parsed
        ),
        judged as (
            select *, cast(case {" ".join(arms)} else 0 end as utinyint) as fault from valued
        )
        select
            {", ".join(carried)},
            {", ".join(_kept(definition, fields))},
            fault,
            {_text_at_fault(faults)} as fault_raw,
            cast(null as varchar) as value_kind,
            concat_ws({_chr(SEPARATOR)}, {", ".join(identity)}) as identity
        from judged
    """
    return RecordStatements(name, definition, mapping, tuple(faults), typed)


def _text_at_fault(faults: list[Fault]) -> str:
    """Return SQL for the text that a row's first fault concerns, NULL where no single one is."""
    arms = [
        f"when {number} then r_{fault.field}"
        for number, fault in enumerate(faults, 1)
        if fault.field is not None
    ]
    return f"case fault {' '.join(arms)} end"


def _chr(character: str) -> str:
    return f"chr({ord(character)})"


def _sourced(layout: Layout, mapping: RecordMapping, fields: Fields) -> list[str]:
    """Return one select a block (or the only one): the raw text of each mapped field."""
    joins = [f"from raw_{mapping.driving} as {_quoted(mapping.driving)}"]
    for lookup in mapping.lookups:
        alias = _quoted(lookup.alias)
        conditions = [
            f"{alias}.delivery = {_quoted(mapping.driving)}.delivery",
            *(
                f"{alias}.{_quoted(column)} = {_reference(source, mapping)}"
                for column, source in lookup.match.items()
            ),
        ] + [f"{alias}.{_quoted(c)} = {literal(v)}" for c, v in lookup.where.items()]
        joins.append(f"left join raw_{lookup.table} as {alias} on {' and '.join(conditions)}")
    rows = [f"{_quoted(lk.alias)}.source_row as row_{lk.alias}" for lk in mapping.lookups]
    is_summed = mapping.driving in layout.summed
    counted = [f"{_quoted(mapping.driving)}.row_count as row_count"] if is_summed else []
    selects = []
    for number, block in enumerate(mapping.blocks or [""]):
        texts = [
            f"{_text(layout, kind, field, mapping, block)} as r_{name}"
            for name, (field, kind) in fields.items()
        ]
        select = [
            f"{_quoted(mapping.driving)}.delivery as delivery",
            f"{_quoted(mapping.driving)}.source_row as source_row, {number} as block_number",
            *counted,
            *rows,
            *texts,
        ]
        present = ""
        if mapping.block_present is not None:
            reference = _reference(mapping.block_present.replace("{block}", block), mapping)
            present = f" where {reference} not in ({literals(mapping.block_absent)})"
        selects.append(f"select {', '.join(select)} {' '.join(joins)}{present}")
    return selects


def _text(
    layout: Layout, kind: Identifier | Column, field: Mapping, mapping: RecordMapping, block: str
) -> str:
    if field.constant is not None:
        return literal(field.constant.replace("{block}", block))
    if field.found is not None:
        return f"case when {_quoted(field.found)}.source_row is null then 'no' else 'yes' end"
    if field.sources:
        parts = [_reference(source.replace("{block}", block), mapping) for source in field.sources]
        filled = ", ".join(f"nullif({part}, '')" for part in parts)
        return f"concat_ws(', ', {filled})"
    text = _reference((field.source or "").replace("{block}", block), mapping)
    if field.split is not None:
        at = literal(field.split.at)
        if field.split.take == "before":
            text = f"split_part({text}, {at}, 1)"
        else:
            found = f"strpos({text}, {at})"
            length = len(field.split.at)
            text = f"case when {found} > 0 then substr({text}, {found} + {length}) else '' end"
    # References are compared without blanks around them; other text is taken as it stands,
    # unless the layout says that this system pads its columns.
    if layout.trim or kind.type in NOT_TYPED:
        text = f"trim({text})"
    if field.default is not None:
        text = f"coalesce(nullif({text}, ''), {literal(field.default)})"
    return text


def _reference(source: str, mapping: RecordMapping) -> str:
    alias, column = split_source(source, mapping)
    return f"{_quoted(alias)}.{_quoted(column)}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _parsed(layout: Layout, fields: Fields) -> list[str]:
    """Return whether each text stands for no value, and a first reading of those that do."""
    columns = []
    for name, (field, kind) in fields.items():
        columns.append(f"{missing_sql(layout, field, f'r_{name}')} as is_missing_{name}")
        parsed = parsed_sql(layout, field, kind, f"r_{name}")
        if parsed is not None:
            columns.append(f"{parsed} as p_{name}")
    return columns


def _values(layout: Layout, fields: Fields) -> list[str]:
    values = [
        f"case when is_missing_{name} then null"
        f" else {value_sql(layout, field, kind, f'r_{name}', f'p_{name}')} end as v_{name}"
        for name, (field, kind) in fields.items()
        if kind.type not in NOT_TYPED
    ]
    return values or ["null as nothing"]


def _kept(definition: Record, fields: Fields) -> list[str]:
    """Return the columns of the typed table; of identifiers only those that tell rows apart."""
    kept = [
        f"{_identifier(name, fields)} as i_{name}"
        for name in definition.identifiers
        if name in definition.unique
    ]
    kept += [
        f"v_{name}" if name in fields else f"cast(null as date) as v_{name}"
        for name, identifier in definition.identifiers.items()
        if identifier.type == "date"
    ]
    # Typed, though empty: files of one record are read together, by the types of the first.
    return kept + [
        f"v_{name}" if name in fields else f"cast(null as {sql_type(column)}) as v_{name}"
        for name, column in definition.columns.items()
        if not column.is_derived
    ]


def _identifier(name: str, fields: Fields) -> str:
    """Return SQL for the text of an identifier, a date as ISO, empty where there is none."""
    if name not in fields:
        return "''"
    if fields[name][1].type == "date":
        return f"coalesce(cast(v_{name} as varchar), '')"
    return f"coalesce(r_{name}, '')"
