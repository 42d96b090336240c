"""Every database in memory says where it may spill: by default, to where it was started."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[4] / "scripts" / "openlsi"


def silent_connections(source: str) -> list[int]:
    """Return the lines that open a database in memory in a function that never says where."""
    found = []
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef):
            continue
        says = "temp_directory" in ast.unparse(function)
        for node in ast.walk(function):
            is_call = isinstance(node, ast.Call) and ast.unparse(node.func) == "duckdb.connect"
            if is_call and not says:
                assert isinstance(node, ast.Call)
                names_no_file = not node.args or ast.unparse(node.args[0]) == "':memory:'"
                found += [node.lineno] if names_no_file else []
    return found


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(PACKAGE.rglob("*.py")) if "duckdb.connect" in path.read_text("utf-8")],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_a_database_in_memory_says_where_it_spills(path: Path) -> None:
    if path.is_relative_to(PACKAGE / "synthesis"):
        return
    assert silent_connections(path.read_text(encoding="utf-8")) == []


def test_one_that_does_not_is_seen() -> None:
    silent = "def f():\n    with duckdb.connect() as con:\n        con.execute('select 1')\n"
    assert silent_connections(silent) == [2]
    assert silent_connections(silent.replace("connect()", "connect(':memory:')")) == [2]
    assert silent_connections(silent.replace("connect()", "connect('a.duckdb')")) == []
    said = silent.replace("connect()", "connect(config={'temp_directory': ''})")
    assert silent_connections(said) == []
