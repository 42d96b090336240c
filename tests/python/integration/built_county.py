"""A small county taken from made extracts to a generation and its site, once a test run.

Four districts, one of each vendor's layouts, and the education service, over the turn of a council
tax year; every name and street in the extracts is a canary. What dbt had in its hands before the
generation was emitted (views over landing, intermediate tables, compiled tests) is kept aside, so
that a damaged row can be held against every test in milliseconds.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest
from canaries import canaries
from made_cohorts import lay_cohorts

from openlsi.cli.linking import link_landing
from openlsi.extract.loading import load
from openlsi.home import Home
from openlsi.report.site import Request, render_site
from openlsi.synthesis.county import synthesise
from openlsi.synthesis.plan import Plan
from openlsi.warehouse import build as building_command
from openlsi.warehouse import building
from openlsi.warehouse.build import dbt_manifest, published_database
from openlsi.warehouse.building import SECURE, Order

ROOT = Path(__file__).resolve().parents[3]
SLUGS = ("ashford", "dartford", "folkestone-and-hythe", "tunbridge-wells")
DISTRICTS = ("E07000105", "E07000107", "E07000112", "E07000116")
PLAN = Plan(months=4, until="2024-05", sample=0.1, seed=20261031, scale=0.02)
TODAY = date(2024, 6, 15)


@dataclass(frozen=True)
class BuiltCounty:
    """The home with its first generation, and the folder of the build before it was emitted.

    Both are shared by tests: a test that changes anything works on a copy.
    """

    home: Home
    scaffold: Path

    def copied(self, folder: Path) -> Home:
        """Return a home of its own for one test."""
        shutil.copytree(self.home.root, folder, symlinks=True)
        return Home(folder)


def run_lsi_build(home: Home, *, force: bool = False) -> building_command.BuildOutcome:
    """Link what is landed and build, as `lsi build` does."""
    links = link_landing(home).folder
    return building_command.build(home, links=links, today=TODAY, force=force)


def make(root: Path) -> BuiltCounty:
    """Make the county under `root`; a second process asking meanwhile waits for the first."""
    county = BuiltCounty(Home(root / "home"), root / "scaffold")
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "made").exists():
            _make(county)
            (root / "made").touch()
    return county


def _make(county: BuiltCounty) -> None:
    home = county.home
    with canaries():
        synthesise(home, PLAN, SLUGS, workers=1)
    report = load(home)
    assert report.refused == []
    lay_cohorts(home, link_landing(home).folder, PLAN.extract_months[0].first)

    emit = building._emit

    def keep_and_emit(folder: Path, spill: Path, build_id: str) -> None:
        shutil.copytree(folder, county.scaffold)
        emit(folder, spill, build_id)

    def here(order: Order, on_step: Callable[[str, float | None], None]) -> None:
        building.build(order)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "_emit", keep_and_emit)
        patch.setattr(building, "_say", lambda **_message: None)
        patch.setattr(building_command, "_run_child", here)
        # dbt names its file by these; they must not outlive the build in this process.
        patch.setenv("LSI_BUILD_FILE", "")
        patch.setenv("LSI_TEMP_DIRECTORY", "")
        run_lsi_build(home)
    database = published_database(home)
    render_site(
        Request(
            ROOT / "reports",
            home.site,
            database,
            home.cache / "charts",
            manifest=dbt_manifest(database),
        ),
        lambda _place: None,
    )


@dataclass(frozen=True)
class CompiledTest:
    """A test as dbt ran it: its sentence, the models and sources it reads, and its SQL."""

    sentence: str
    reads: frozenset[str]
    sql: str
    file: str


def compiled_tests(scaffold: Path) -> list[CompiledTest]:
    """Return every data test of the build, with the SQL that dbt compiled for it."""
    manifest = json.loads((scaffold / "dbt" / "manifest.json").read_text(encoding="utf-8"))
    tests = []
    for node in manifest["nodes"].values():
        if node["resource_type"] != "test":
            continue
        (compiled,) = (scaffold / "dbt" / "compiled").rglob(
            str(Path(node["original_file_path"]) / f"{node['name']}.sql")
            if node.get("test_metadata")
            else node["original_file_path"]
        )
        tests.append(
            CompiledTest(
                node["name"].replace("_", " "),
                frozenset(node["depends_on"]["nodes"]),
                compiled.read_text(encoding="utf-8"),
                node["original_file_path"],
            )
        )
    return tests


def failing(con: duckdb.DuckDBPyConnection, tests: list[CompiledTest]) -> set[str]:
    """Return the sentences of the tests that find a row at fault."""
    return {
        test.sentence
        for test in tests
        if con.execute(f"select 1 from ({test.sql}) limit 1").fetchone()
    }


def open_scaffold(scaffold: Path, folder: Path) -> duckdb.DuckDBPyConnection:
    """Open a copy of the build as it stood after its last model and before it was emitted."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(scaffold / SECURE, folder / SECURE)
    return duckdb.connect(str(folder / SECURE))
