"""One build, in a process of its own that ends before the pointer moves.

A second connection in the process that built a file would go on seeing the old one, and dbt keeps
its file open for as long as its process lives; so this module is run as a child
(`python -m openlsi.warehouse.building`) and speaks to its parent by lines of JSON on stdout.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from openlsi.config import load_configuration
from openlsi.config.county import configuration_files
from openlsi.disclosure import publish
from openlsi.disclosure.reading import load_specs
from openlsi.disclosure.wording import literal
from openlsi.errors import LsiError
from openlsi.failpoints import reach
from openlsi.home import Home
from openlsi.warehouse.dbt import Dbt, DbtProject
from openlsi.warehouse.drill_down import DRILL_DOWN, lay_drill_down
from openlsi.warehouse.fingerprint import package_versions
from openlsi.warehouse.generations import Build, write_build
from openlsi.warehouse.increment import (
    SCHEMA,
    begin_with,
    changed_slices,
    keep_state,
    replace_slices,
)
from openlsi.warehouse.landed import Slice, landed_sources
from openlsi.warehouse.month_local import Division, divide
from openlsi.warehouse.opening import open_build
from openlsi.warehouse.saved_queries import materialise_saved_queries
from openlsi.warehouse.sources import lay_sources

SECURE = "secure.duckdb"
# Not `published.duckdb`: DuckDB calls a file by its stem, and a reader who opens it and asks for
# published.districts would be told that the name is ambiguous.
PUBLISHED = "publication.duckdb"
_NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
# What is named is run, and nothing that only hangs on it.
_NAMED = ("--indirect-selection", "empty", *_NO_UNIT_TESTS)
_KEPT_ARTIFACTS = ("manifest.json", "semantic_manifest.json")
# Readers of a generation get marts, metrics, the seeds they quote and the caseload that a scheme is
# modelled on; the rest was scaffolding, and views over parquet would reach outside the file. The
# next build begins with what is kept for it in a schema of its own.
_KEPT_SCHEMAS = {"marts", "metrics", "seeds", "caseload", SCHEMA}


@dataclass(frozen=True)
class Order:
    """What the parent asks for: which build, from which links, into which folder.

    `previous` is the folder of a generation of the same code and configuration, whose rows of
    months that have not changed may be taken over; empty where there is none. An edition
    `must_go_out` where readers still open rows that were erased since.
    """

    home: str
    project: str
    folder: str
    build_id: str
    fingerprint: str
    links: str
    today: str
    known_at: str
    edition: str
    base: str
    previous: str = ""
    as_reported: str = ""
    must_go_out: bool = False


def _say(**message: object) -> None:
    print(json.dumps(message), flush=True)


class _Clock:
    """Wall seconds of each step, told to the parent as they end."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        _say(started=name)
        begun = time.monotonic()
        point = "build." + name.replace(" ", "_")
        reach(point + ".begun")
        yield
        reach(point + ".done")
        self.seconds[name] = round(time.monotonic() - begun, 2)
        _say(finished=name, seconds=self.seconds[name])


def _drop_scaffolding(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute("select distinct schema_name from duckdb_schemas() where not internal")
    names = {str(row[0]) for row in rows.fetchall()}
    for name in sorted(names - _KEPT_SCHEMAS - {"main"}):
        con.execute(f'drop schema "{name}" cascade')


def _name_the_build_in_seeds(con: duckdb.DuckDBPyConnection, build_id: str) -> None:
    """Give the seeds, whose columns are those of their files, the column every table carries."""
    tables = con.execute(
        "select table_name from duckdb_tables()"
        " where schema_name = 'seeds' and database_name = current_database()"
    ).fetchall()
    for (table,) in tables:
        con.execute(f'alter table seeds."{table}" add column build_id varchar')
        con.execute(f'update seeds."{table}" set build_id = $build_id', {"build_id": build_id})


def lay_publication(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write schema `published` of an open warehouse to a file of its own."""
    # Version 1.0 files can be read by every DuckDB since, the one inside Evidence 40 included.
    con.execute(f"attach {literal(str(path))} as published_file (storage_version 'v1.0.0')")
    con.execute("create schema published_file.published")
    tables = con.execute(
        "select table_name from duckdb_tables()"
        " where schema_name = 'published' and database_name = current_database()"
        " order by table_name"
    ).fetchall()
    for (table,) in tables:
        con.execute(
            f'create table published_file.published."{table}" as select * from published."{table}"'
        )
    reach("emit.before_detach")
    con.execute("detach published_file")


def _emit(folder: Path, spill: Path, build_id: str) -> None:
    """Write `publication.duckdb` and `households.duckdb`, and clear the secure file."""
    con = open_build(folder / SECURE, spill)
    try:
        lay_publication(con, folder / PUBLISHED)
        reach("emit.before_drill_down")
        lay_drill_down(con, folder / DRILL_DOWN, build_id)
        reach("emit.after_detach")
        _drop_scaffolding(con)
        _name_the_build_in_seeds(con, build_id)
        reach("emit.before_checkpoint")
        con.execute("checkpoint")
        reach("emit.after_checkpoint")
    finally:
        con.close()


def _build_changed_months(
    order: Order, dbt: Dbt, division: Division, slices: frozenset[Slice]
) -> int:
    """Make and test the month-local rows of changed slices in a file beside, and take them in."""
    home, folder = Home(Path(order.home)), Path(order.folder)
    increment = folder / "dbt" / "increment" / SECURE
    increment.parent.mkdir()
    spill = folder / "dbt" / "spill"
    con = open_build(increment, spill)
    lay_sources(con, landed_sources(home, load_configuration(home), Path(order.links), slices))
    con.close()
    passed = dbt.run(["build", "--select", *division.of_slices, *_NAMED], increment)
    con = open_build(folder / SECURE, spill)
    replace_slices(con, increment, division.tables, slices, order.build_id)
    con.close()
    return passed


def build(order: Order) -> None:
    """Fill the building folder: warehouse, metrics, published tables, facts of the build."""
    home, folder = Home(Path(order.home)), Path(order.folder)
    artifacts, spill = folder / "dbt", folder / "dbt" / "spill"
    spill.mkdir(parents=True)
    clock, passed = _Clock(), 0
    with clock.step("parse"):
        variables = {"build_id": order.build_id, "today": order.today, "known_at": order.known_at}
        project = DbtProject(Path(order.project), folder / SECURE, artifacts, variables)
        dbt = Dbt(project, home.parses)
        division = divide(dbt.manifest)
        previous = Path(order.previous) / SECURE
        slices = changed_slices(home, previous) if order.previous else None
    with clock.step("sources"):
        if slices is not None:
            begin_with(previous, folder / SECURE, division.tables)
        con = open_build(folder / SECURE, spill)
        lay_sources(con, landed_sources(home, load_configuration(home), Path(order.links)))
        con.close()
    if slices is not None:
        with clock.step("changed months"):
            passed += _build_changed_months(order, dbt, division, slices)
    with clock.step("models and tests"):
        wanted = ["--exclude", "source:published"]
        if dbt.have_unit_tests_passed:
            wanted += _NO_UNIT_TESTS
        if slices is not None:
            wanted = ["--select", *division.of_whole, *_NAMED]
        if slices is None:
            passed += dbt.run_and_test("models", ["build", *wanted])
            dbt.keep_that_unit_tests_passed()
        else:
            passed += dbt.run(["build", *wanted])
    with clock.step("metrics"):
        con = open_build(folder / SECURE, spill)
        specs = load_specs(configuration_files(home, "disclosure"))
        materialise_saved_queries(con, artifacts, order.build_id, dbt.compiled_metrics, specs)
    with clock.step("disclosure"):
        publish(
            con,
            home=home,
            edition=order.edition,
            build_id=order.build_id,
            today=order.today,
            # Figures as reported then are kept aside: readers are not pointed at them.
            goes_out=not order.as_reported,
            must_go_out=order.must_go_out,
        )
        keep_state(con, home, order.build_id)
        con.close()
    with clock.step("published tests"):
        passed += dbt.run_and_test("published", ["test", "--select", "source:published"])
    with clock.step("emit"):
        _emit(folder, spill, order.build_id)
        for name in _KEPT_ARTIFACTS:
            shutil.copyfile(artifacts / name, folder / name)
        shutil.rmtree(artifacts)
        write_build(
            folder,
            Build(
                build_id=order.build_id,
                fingerprint=order.fingerprint,
                today=order.today,
                known_at=order.known_at,
                tests_passed=passed,
                step_seconds=clock.seconds,
                package_versions=package_versions(),
                as_reported=order.as_reported,
                base=order.base,
                changed_slices=None if slices is None else len(slices),
                links=Path(order.links).name,
            ),
        )


def main() -> None:
    """Read an order from stdin, carry it out, and end with one line saying how it went."""
    try:
        build(Order(**json.loads(sys.stdin.read())))
    except LsiError as error:
        _say(failed=str(error))
        sys.exit(1)
    _say(done=True)


if __name__ == "__main__":
    main()
