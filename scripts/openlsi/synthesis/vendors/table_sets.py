"""What the vendors with table sets share: a file a table, a header, one dialect."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from openlsi.synthesis import text
from openlsi.synthesis.faults import Dialect, Table
from openlsi.synthesis.text import Column


def yes(flags: np.ndarray) -> Column:
    """Return Y and N."""
    return text.where(flags, b"Y", b"N")


def tables_of(
    name: str, columns: Mapping[str, list[str]], lines: Mapping[str, Column], dialect: Dialect
) -> dict[str, Table]:
    """Return the tables of a feed, each a file; `name` has a place for the table's name."""
    return {
        table: Table(name.format(table=table), columns[table], rows, dialect)
        for table, rows in lines.items()
    }


def write_all(folder: Path, tables: Mapping[str, Table]) -> None:
    """Write each table under its header."""
    for table in tables.values():
        separator, end = table.dialect.separator, table.dialect.end
        header = separator.join(table.columns).encode(table.dialect.encoding) + end
        text.write(folder / table.file_name, [header, table.lines])
