"""Data tests as dbt compiled them, kept beside its parse and run without it.

Over a small county dbt spends a tenth of a second on a test whose query takes a few milliseconds:
context, template and wrapping SQL are made again for each of hundreds of tests in every build,
though they are the same for every build of the same project. So the first build of a project runs
its tests in dbt, which compiles them; later ones run what was compiled. A test whose SQL holds what
differs from build to build, such as the day, is left to dbt.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

# dbt's defaults: any row is an error. A test that says otherwise is left to dbt.
_DEFAULTS = {
    "severity": "ERROR",
    "fail_calc": "count(*)",
    "warn_if": "!= 0",
    "error_if": "!= 0",
    "limit": None,
    "store_failures": None,
}


@dataclass(frozen=True)
class CompiledTest:
    """One data test: dbt's name of it, its file, and the query that finds rows at fault."""

    name: str
    file: str
    compiled_path: str
    sql: str


@dataclass(frozen=True)
class Kept:
    """Tests to run as they were compiled, upstream first, and names of those left to dbt."""

    tests: list[CompiledTest]
    left: list[str]


def kept_of(results: Iterable[Any], artifacts: Path, variables: Mapping[str, str]) -> Kept:
    """Part the data tests among dbt's results into those that may be run again as they are."""
    compiled = (artifacts / "compiled").resolve()
    tests, left = [], []
    for node in (result.node for result in results):
        if node.resource_type != "test":
            continue
        if _differs(node, variables):
            left.append(node.name)
            continue
        path = Path(node.compiled_path).resolve().relative_to(compiled)
        tests.append(
            CompiledTest(node.name, node.original_file_path, str(path), node.compiled_code)
        )
    return Kept(tests, left)


def _differs(node: Any, variables: Mapping[str, str]) -> bool:
    """Return whether a test asks for more than rows at fault, or changes from build to build."""
    is_default = all(getattr(node.config, name) == value for name, value in _DEFAULTS.items())
    return not is_default or any(
        value and value in node.compiled_code for value in variables.values()
    )


def keep_tests(path: Path, kept: Kept) -> None:
    """Keep tests beside the parse that they were compiled from; without one there is no place."""
    if not path.parent.is_dir():
        return
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    told = json.dumps(asdict(kept))
    unfinished.write_text(f"{_digest(told)}\n{told}", encoding="utf-8")
    unfinished.replace(path)


def take_tests(path: Path) -> Kept | None:
    """Return what was kept; None where nothing was, or not as it was kept."""
    try:
        digest, _, text = path.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    if digest != _digest(text):
        return None
    told = json.loads(text)
    return Kept([CompiledTest(**test) for test in told["tests"]], told["left"])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def failures(
    con: duckdb.DuckDBPyConnection,
    tests: list[CompiledTest],
    artifacts: Path,
    *,
    is_whole: bool,
) -> list[tuple[CompiledTest, int]]:
    """Run tests on a build and return those that find rows at fault, with how many.

    Of a build that is not whole, tests of what is not there are passed over. The query of each is
    laid where dbt would have written it, for who looks at a build from inside.
    """
    found = []
    for test in tests:
        laid = artifacts / "compiled" / test.compiled_path
        laid.parent.mkdir(parents=True, exist_ok=True)
        laid.write_text(test.sql, encoding="utf-8")
        try:
            row = con.execute(f"select count(*) from ({test.sql}\n) as at_fault").fetchone()
        except duckdb.CatalogException:
            if is_whole:
                raise
            continue
        if row and row[0]:
            found.append((test, int(row[0])))
    return found
