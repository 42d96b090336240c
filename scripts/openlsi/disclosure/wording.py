"""Pieces of SQL text that the other modules put together; names come from validated files only."""

from __future__ import annotations

from collections.abc import Mapping

# The working flag that says whether a row's figures can apply at all.
APPLIES = '"figures__apply"'


def quoted(name: str) -> str:
    """Return an identifier in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | int) -> str:
    """Return a value as a SQL literal."""
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def mark(name: str) -> str:
    """Return the quoted name of a column's mark."""
    return quoted(f"{name}_mark")


def hidden(name: str) -> str:
    """Return the quoted name of the working flag that says a cell is hidden."""
    return quoted(f"{name}__hidden")


def own(name: str) -> str:
    """Return the quoted name of the working flag that says a cell is hidden for its own sake."""
    return quoted(f"{name}__own")


def working_table(table: str) -> str:
    """Return the name of the temporary table with exact figures and hidden flags."""
    return quoted(f"protected_{table}")


def matched(left: str, right: str, pairs: Mapping[str, str]) -> str:
    """Return the join condition of `left` key = `right` column, for all pairs; true for none."""
    conditions = [
        f"{left}.{quoted(theirs)} is not distinct from {right}.{quoted(mine)}"
        for theirs, mine in pairs.items()
    ]
    return " and ".join(conditions) or "true"


def worded(source: str, values: Mapping[str, str | int] | None) -> str:
    """Return a source column with its values put into words; a value without one stays itself."""
    if not values:
        return quoted(source)
    cases = " ".join(f"when {literal(code)} then {literal(to)}" for code, to in values.items())
    has_words = any(isinstance(to, str) for to in values.values())
    as_is = f"cast({quoted(source)} as varchar)" if has_words else "null"
    return f"case {quoted(source)} {cases} else {as_is} end"
