"""The one place that runs dbt, in process; its Python interface is not promised to be stable."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from openlsi.warehouse.compiled_tests import (
    CompiledTest,
    failures,
    keep_tests,
    kept_of,
    take_tests,
)
from openlsi.warehouse.errors import WarehouseError
from openlsi.warehouse.fingerprint import fingerprint, package_versions
from openlsi.warehouse.opening import open_build
from openlsi.warehouse.parse import (
    have_unit_tests_passed,
    keep_parse,
    keep_that_unit_tests_passed,
    take_parse,
)
from openlsi.warehouse.project import project_hash

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest


@dataclass(frozen=True)
class DbtProject:
    """How one build runs dbt: the project, the file it fills and the variables it gets.

    `artifacts` is the folder for dbt's target files; it never touches the checkout.
    """

    project: Path
    database: Path
    artifacts: Path
    variables: dict[str, str]

    def arguments(self) -> list[str]:
        """Return the options that every dbt command takes, the parse as well."""
        return [
            "--project-dir", str(self.project),
            "--profiles-dir", str(self.project),
            "--target-path", str(self.artifacts),
            "--log-path", str(self.artifacts),
            # Writing its thousands of events down is a fifth of what dbt costs over a small
            # county; what fails is told by `run`, all of it.
            "--log-level", "none",
            "--log-level-file", "none",
        ]  # fmt: skip

    def parse_hash(self) -> str:
        """Return the hash of all that dbt's parse rests on."""
        return fingerprint(
            project=project_hash(self.project),
            folder=self.project,
            file=self.database.name,
            versions=package_versions(),
        )

    def set_environment(self) -> None:
        """Name the file and the folders that `profiles.yml` reads from the environment."""
        os.environ["LSI_BUILD_FILE"] = str(self.database)
        os.environ["LSI_TEMP_DIRECTORY"] = str(self.artifacts / "spill")
        # Neither usage statistics nor an update check may leave the machine.
        os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
        os.environ["DO_NOT_TRACK"] = "1"


def _sentence(name: str) -> str:
    """Return a test's name as the sentence it stands for."""
    return name.replace("_", " ")


def _test_failed(name: str, rows: int, where: str) -> str:
    return f"test failed: “{_sentence(name)}” ({rows} {'row' if rows == 1 else 'rows'}; {where})"


def _failure(result: Any) -> str:
    node = result.node
    name = node.name
    where = getattr(node, "original_file_path", "")
    if node.resource_type == "test" and str(result.status) == "fail":
        return _test_failed(name, result.failures, where)
    if node.resource_type == "unit_test":
        return f"unit test failed: “{_sentence(name)}” ({where}): {result.message}"
    return f"{node.resource_type} {name} failed ({where}): {result.message}"


def _refusal(told: list[str]) -> WarehouseError:
    """Print all that failed and return the error that names the first."""
    print(*told, sep="\n", file=sys.stderr)
    more = f"; {len(told) - 1} more in build.log" if len(told) > 1 else ""
    return WarehouseError(told[0] + more)


class Dbt:
    """dbt over one project, parsed once; every later command works on that parse."""

    def __init__(self, project: DbtProject, parses: Path | None = None) -> None:
        """Parse the project, or take the parse of it that an earlier build left in `parses`."""
        from dbt.cli.main import dbtRunner

        self._runner_class = dbtRunner
        self._project = project
        self._results: list[Any] = []
        project.set_environment()
        self._kept = parses / project.parse_hash() if parses else None
        taken = take_parse(self._kept, project.artifacts) if self._kept else None
        self._manifest = taken or self._parse()
        if self._kept and not taken:
            keep_parse(project.artifacts, self._kept)

    def _parse(self) -> Manifest:
        # Without the build's variables, so that the parse is every build's: no node's name, place
        # or dependencies may follow from them, and SQL is rendered when it is run.
        outcome = self._runner_class().invoke(["parse", *self._project.arguments()])
        if not outcome.success:
            raise WarehouseError(f"the dbt project does not parse: {outcome.exception}")
        return cast("Manifest", outcome.result)

    @property
    def have_unit_tests_passed(self) -> bool:
        """Whether an earlier build of the same project has run its unit tests, and they passed."""
        return self._kept is not None and have_unit_tests_passed(self._kept)

    def keep_that_unit_tests_passed(self) -> None:
        """Spare later builds of the same project its unit tests."""
        if self._kept:
            keep_that_unit_tests_passed(self._kept)

    @property
    def compiled_metrics(self) -> Path | None:
        """Where SQL that was compiled from this parse may be kept."""
        return self._kept / "compiled_metrics.json" if self._kept else None

    @property
    def manifest(self) -> Any:
        """The parsed project, in dbt's own classes."""
        return self._manifest

    def run(self, command: Sequence[str], database: Path | None = None) -> int:
        """Run one dbt command, on the build's file or another, and return how many tests passed.

        Another file needs the same stem, by which the parsed project calls its database.

        Raises WarehouseError with the sentence of the first test that failed, or the message of
        the first model that could not be built, and how many more there are; stderr has them all.
        """
        # The manifest is shared, not copied: dbt 1.11 cannot copy one that has saved queries (its
        # own deepcopy) or puts the lookups in each other's places (the copy module). A command
        # adds to it only what a foreign-key constraint needs, and the models have none.
        runner = self._runner_class(manifest=self._manifest)
        os.environ["LSI_BUILD_FILE"] = str(database or self._project.database)
        # The parse wrote the manifest, and no command changes what it says.
        variables = json.dumps(self._project.variables)
        outcome = runner.invoke(
            [*command, *self._project.arguments(), "--vars", variables, "--no-write-json"]
        )
        self.close()
        results = list(getattr(outcome.result, "results", None) or [])
        self._results = results
        failed = [
            item for item in results if str(item.status) in {"error", "fail", "runtime error"}
        ]
        if failed:
            raise _refusal([_failure(item) for item in failed])
        if not outcome.success:
            raise WarehouseError(f"dbt {command[0]} did not finish: {outcome.exception}")
        return sum(
            1
            for item in results
            if item.node.resource_type in {"test", "unit_test"} and str(item.status) == "pass"
        )

    def run_and_test(self, kind: str, command: Sequence[str]) -> int:
        """Run a `build` or a `test` with its data tests; return how many passed.

        The first build of a project leaves its tests, compiled, under the name `kind`; later ones
        run those after the models, on one connection.

        Raises WarehouseError as `run` does; where a model cannot be built, a test that says why
        goes before it.
        """
        path = self._kept / f"{kind}.tests.json" if self._kept else None
        kept = take_tests(path) if path else None
        if path and not kept:
            passed = self.run(command)
            project = self._project
            keep_tests(path, kept_of(self._results, project.artifacts, project.variables))
            return passed
        if not kept:
            return self.run(command)
        passed = 0
        if command[0] == "build":
            try:
                passed = self.run([*command, "--exclude-resource-type", "test"])
            except WarehouseError:
                self._run_kept(kept.tests, is_whole=False)
                raise
        passed += self._run_kept(kept.tests, is_whole=True)
        return passed + (self.run(["test", "--select", *kept.left]) if kept.left else 0)

    def _run_kept(self, tests: list[CompiledTest], *, is_whole: bool) -> int:
        con = open_build(self._project.database, self._project.artifacts / "spill")
        try:
            failed = failures(con, tests, self._project.artifacts, is_whole=is_whole)
        finally:
            con.close()
        if failed:
            raise _refusal([_test_failed(test.name, rows, test.file) for test, rows in failed])
        return len(tests)

    def close(self) -> None:
        """Let go of the database file, which dbt keeps open for the life of the process."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
