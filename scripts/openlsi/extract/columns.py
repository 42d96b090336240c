"""From text to type, in SQL: one value expression for each kind of canonical column.

Each expression gives NULL where the text is not a value of that kind, never a guess: `try_cast`
alone would read '1e3', '1_000' and ' 12.345 ' as money, and '2026-1-1 x' as a date.
"""

from __future__ import annotations

from openlsi.extract.layout_mapping import Mapping
from openlsi.extract.layouts import Layout
from openlsi.extract.records import Column, Identifier

# Fillers such as 01/01/1900 are not dates; nor is a year beyond any open end.
_FIRST_DATE, _LAST_DATE = "1900-01-02", "2100-12-31"
_ISO_DATE, _TIMESTAMP, _MONTH_BY_NAME = "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%d-%b-%Y"

_AMOUNTS = {
    "plain": "try_cast({raw} as decimal(18, 2))",
    "currency": "try_cast(replace(replace({raw}, '£', ''), ',', '') as decimal(18, 2))",
    "pence": "try_cast({raw} as decimal(16, 0))",
}
_AMOUNT_PATTERNS = {
    "plain": r"-?[0-9]{1,15}(\.[0-9]{1,2})?",
    "currency": r"-?£?([0-9]{1,15}|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]{1,2})?",
    "pence": "-?[0-9]{1,15}",
}

# No charge, debt, payment or award of one household comes to that. The number of a claim or an
# account, read as pounds because columns have moved, does; and would stand in landing as it is.
_MOST_GBP = 999_999

BAD_VALUE = {
    "date": "bad_date",
    "money": "bad_number",
    "integer": "bad_number",
    "financial_year": "bad_date",
    "code": "unknown_code",
    "public_code": "unknown_code",
    "boolean": "unknown_code",
}


_SQL_TYPES = {
    "date": "date",
    "money": "decimal(18, 2)",
    "integer": "integer",
    "boolean": "boolean",
}


def sql_type(column: Column) -> str:
    """Return the SQL type of a column that is typed from a file."""
    return _SQL_TYPES.get(column.type, "varchar")


def literal(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: list[str]) -> str:
    """Return texts as a list of SQL literals."""
    return ", ".join(literal(text) for text in texts)


def whole_amount_sql(form: str, raw: str) -> str:
    """Return SQL that is true where a text is an amount of whole pence in a form of money."""
    return f"regexp_full_match({raw}, {literal(_AMOUNT_PATTERNS[form])})"


def missing_sql(layout: Layout, mapping: Mapping, raw: str) -> str:
    """Return SQL that is true where the text stands for no value."""
    marks = layout.nulls if mapping.nulls is None else mapping.nulls
    marks = [mark for mark in marks if not (mapping.codes and mark in mapping.codes)]
    if mapping.flag is not None:
        marks = []  # an empty list of marks is a value: none of them
    return f"({raw} is null or {raw} in ({literals(marks)}))" if marks else f"({raw} is null)"


def parsed_sql(
    layout: Layout, mapping: Mapping, field: Column | Identifier, raw: str
) -> str | None:
    """Return SQL for a first reading of a text, which `value_sql` holds against the text.

    It is a column of its own because DuckDB evaluates what stands twice in a CASE twice. None
    where the text needs no reading.
    """
    if field.type == "date":
        if (mapping.date_format or _ISO_DATE) == _ISO_DATE:
            return f"try_cast({raw} as date)"
        return f"cast(try_strptime({raw}, {literal(mapping.date_format or _ISO_DATE)}) as date)"
    if field.type == "money":
        return _AMOUNTS[mapping.money or layout.money].format(raw=raw)
    if field.type == "integer":
        return f"try_cast({raw} as integer)"
    if field.type == "financial_year":
        return f"try_cast(left({raw}, 4) as integer)"
    if field.type == "boolean" and mapping.position is not None:
        return f"case when length({raw}) = {mapping.width} then {raw}[{mapping.position}] end"
    return None


def value_sql(
    layout: Layout, mapping: Mapping, field: Column | Identifier, raw: str, parsed: str
) -> str:
    """Return SQL for the typed value of a text, NULL where it cannot be read."""
    if field.type == "date":
        return _date(mapping.date_format or _ISO_DATE, raw, parsed)
    if isinstance(field, Identifier):
        return raw
    if field.type == "money":
        return _money(mapping, mapping.money or layout.money, raw, parsed, field)
    if field.type == "integer":
        return _integer(raw, parsed, field)
    if field.type == "financial_year":
        return _financial_year(mapping.year_format or "dash", raw, parsed)
    if field.type == "public_code":
        return f"case when regexp_full_match({raw}, {literal(field.pattern or '')}) then {raw} end"
    if field.type == "boolean":
        return _boolean(layout, mapping, raw if mapping.position is None else parsed)
    return _code(mapping, field, raw)


def _date(date_format: str, raw: str, parsed: str) -> str:
    if date_format == _ISO_DATE:
        is_exact = f"cast({parsed} as varchar) = {raw}"
    elif date_format == _TIMESTAMP:
        # A time of day may follow; the day alone is the value.
        is_exact = f"starts_with({raw}, cast({parsed} as varchar) || ' ')"
    elif date_format == _MONTH_BY_NAME:
        is_exact = f"upper(strftime({parsed}, {literal(date_format)})) = upper({raw})"
    else:
        is_exact = f"strftime({parsed}, {literal(date_format)}) = {raw}"
    bounds = f"{parsed} between date '{_FIRST_DATE}' and date '{_LAST_DATE}'"
    return f"case when {is_exact} and {bounds} then {parsed} end"


def _money(mapping: Mapping, form: str, raw: str, parsed: str, column: Column) -> str:
    """Whole pence only; the quick test first, the pattern for what it does not recognise."""
    quick, value = f"cast({parsed} as varchar) = {raw}", parsed
    if form == "pence":
        value = f"cast({parsed} * 0.01 as decimal(18, 2))"
    elif form == "currency":
        quick = f"'£' || {quick}"
    if mapping.is_negated:
        value = f"-{value}"
    is_money = f"({quick} or regexp_full_match({raw}, {literal(_AMOUNT_PATTERNS[form])}))"
    return f"case when {is_money}{_within(value, column)} then {value} end"


def _integer(raw: str, parsed: str, column: Column) -> str:
    is_integer = (
        f"(cast({parsed} as varchar) = {raw} or regexp_full_match({raw}, '-?[0-9]{{1,9}}'))"
    )
    return f"case when {is_integer}{_within(parsed, column)} then {parsed} end"


def _within(value: str, column: Column) -> str:
    least, most = column.minimum, column.maximum
    if column.type == "money":
        least = -_MOST_GBP if least is None else least
        most = _MOST_GBP if most is None else most
    told = "" if least is None else f" and {value} >= {least}"
    return told + ("" if most is None else f" and {value} <= {most}")


def _financial_year(form: str, raw: str, start: str) -> str:
    """Return '2026-27' from 2026, 2026/27 or 2026-27; the second year must follow the first."""
    year = f"left({raw}, 4) || '-' || lpad(cast(({start} + 1) % 100 as varchar), 2, '0')"
    written = {
        "start_year": f"left({raw}, 4)",
        "slash": f"replace({year}, '-', '/')",
        "dash": year,
    }[form]
    return f"case when {raw} = {written} and {start} between 1993 and 2099 then {year} end"


def _boolean(layout: Layout, mapping: Mapping, raw: str) -> str:
    if mapping.flag is not None:
        between, one = literal(mapping.flag_separator), "|".join(mapping.flags)
        pattern = literal(f"({one})({mapping.flag_separator}({one}))*")
        has_flag = f"list_contains(string_split({raw}, {between}), {literal(mapping.flag)})"
        return (
            f"case when {raw} = '' then false"
            f" when regexp_full_match({raw}, {pattern}) then {has_flag} end"
        )
    if mapping.found is not None:
        return f"{raw} = 'yes'"
    booleans = mapping.booleans or layout.booleans
    if booleans is None:
        raise ValueError("say which values are yes and no: `booleans` in the layout")
    return (
        f"case when {raw} in ({literals(booleans.is_true)}) then true"
        f" when {raw} in ({literals(booleans.is_false)}) then false end"
    )


def _code(mapping: Mapping, column: Column, raw: str) -> str:
    if mapping.codes is not None:
        unknown = sorted(set(mapping.codes.values()) - set(column.values))
        if unknown:
            raise ValueError(f"codes give {', '.join(unknown)}; known: {', '.join(column.values)}")
        arms = [f"when {literal(k)} then {literal(v)}" for k, v in mapping.codes.items()]
        return f"case {raw} {' '.join(arms)} end"
    if mapping.prefix is not None:
        rest = f"substr({raw}, {len(mapping.prefix) + 1})"
        is_known = f"starts_with({raw}, {literal(mapping.prefix)}) and {rest}"
        return f"case when {is_known} in ({literals(column.values)}) then {rest} end"
    return f"case when {raw} in ({literals(column.values)}) then {raw} end"


def shape_sql(raw: str) -> str:
    """Return SQL for the shape of a text: 9 for a digit, A for a letter; never the text."""
    digits = f"regexp_replace({raw}, '[0-9]', '9', 'g')"
    letters = f"regexp_replace({digits}, '\\p{{L}}', 'A', 'g')"
    return f"case when {raw} = '' then 'empty' else left({letters}, 24) end"
