"""Tables made of other tables: rows added up by key before they are read as records.

A sum is text again, in the layout's money form, so that it is typed and judged like any amount; an
amount that cannot be read stands for the whole sum, so that the sum is set aside for it.
"""

from __future__ import annotations

import duckdb

from openlsi.extract.columns import literals, whole_amount_sql
from openlsi.extract.layout_mapping import Summed
from openlsi.extract.layouts import Layout


def sum_tables(connection: duckdb.DuckDBPyConnection, layout: Layout) -> dict[str, int]:
    """Make `raw_<name>` of each summed table, and `rows_of_<name>`; return how many rows each has.

    `raw_<name>.source_row` is the first physical row of a sum and `row_count` how many there are;
    `rows_of_<name>` lists them: delivery, summed_row (that first row), source_row.
    """
    counts = {}
    for name, summed in layout.summed.items():
        keys = [f"{_key(key, summed)} as {_quoted(key)}" for key in summed.by]
        others = sorted({*summed.sums, *(one for pair in summed.last.items() for one in pair)})
        carried = [f"{_quoted(column)} as {_quoted('given ' + column)}" for column in others]
        connection.execute(
            "create or replace temp table keyed_rows as select delivery, source_row,"
            f" {', '.join([*keys, *carried])} from raw_{summed.driving}"
        )
        by = ", ".join(["delivery", *(_quoted(key) for key in summed.by)])
        connection.execute(
            f"create or replace temp table raw_{name} as select {by},"
            f" {', '.join(_sums(layout, summed))} from keyed_rows group by {by}"
        )
        connection.execute(
            f"create or replace temp table rows_of_{name} as"
            " select keyed_rows.delivery, summed.source_row as summed_row, keyed_rows.source_row"
            f" from keyed_rows join raw_{name} as summed using ({by})"
        )
        (counts[name],) = connection.execute(f"select count(*) from raw_{name}").fetchone() or (0,)
    return counts


def _key(key: str, summed: Summed) -> str:
    """Return SQL for a key: a column as it stands, or the financial year that its date falls in."""
    if key not in summed.years:
        return _quoted(key)
    text = _quoted(summed.years[key])
    day = f"try_cast({text} as date)"
    year = f"cast(year({day}) - cast(month({day}) < 4 as integer) as varchar)"
    # What is no date stays as it is, to be found and set aside as one that cannot be read.
    return f"case when starts_with({text}, cast({day} as varchar)) then {year} else {text} end"


def _sums(layout: Layout, summed: Summed) -> list[str]:
    columns = ["min(source_row) as source_row", "count(*) as row_count"]
    for name in summed.sums:
        given = _quoted("given " + name)
        is_whole = whole_amount_sql(layout.money, given)
        # A missing amount is not nil: the sum is then missing too.
        is_missing = f"{given} in ({literals(layout.nulls)})"
        columns.append(
            f"coalesce(min({given}) filter (not ({is_whole}) or {is_missing}),"
            f" {_as_text(layout, given)}) as {_quoted(name)}"
        )
    if summed.count:
        columns.append(f"cast(count(*) as varchar) as {_quoted(summed.count)}")
    for name, day in summed.last.items():
        given = _quoted("given " + name)
        columns.append(
            f"arg_max({given}, ({_quoted('given ' + day)}, source_row)) as {_quoted(name)}"
        )
    return columns


def _as_text(layout: Layout, given: str) -> str:
    bare = f"replace(replace({given}, '£', ''), ',', '')" if layout.money == "currency" else given
    if layout.money == "pence":
        return f"cast(sum(try_cast({bare} as decimal(16, 0))) as varchar)"
    return f"cast(sum(try_cast({bare} as decimal(18, 2))) as varchar)"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
