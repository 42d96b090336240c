"""The same dbt project under SQLMesh: equal marts on the first load and after a further month's.

The second load is the harder one. It brings a new month and a re-issue of the month before, and
SQLMesh plans it on the file of its first load, where a model that it takes for up to date would
keep its old rows; dbt fills a fresh file each time, as the build does.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from canaries import canaries
from leak_scan import Leak, Needles, scan
from made_cohorts import lay_cohorts
from sent_identifiers import SentIdentifiers, sent_identifiers

from openlsi.cli.linking import link_landing
from openlsi.extract.loading import load
from openlsi.extract.records import load_feed_definitions
from openlsi.home import Home
from openlsi.synthesis.county import synthesise
from openlsi.synthesis.plan import Plan
from openlsi.warehouse.content import content_hashes
from openlsi.warehouse.dbt import Dbt, DbtProject
from openlsi.warehouse.errors import WarehouseError
from openlsi.warehouse.parity import differences
from openlsi.warehouse.scratch import lay_scratch_file

ROOT = Path(__file__).resolve().parents[3]
# Two districts with two vendors' layouts. The months cross the end of a financial year and begin
# with a school census and the day of the taxbase, in October; the piped district issues the last
# but one twice. April is there at the first load, since only a year held from its April on has a
# forecast.
SLUGS = ("ashford", "sevenoaks")
PLAN = Plan(months=8, until="2026-05", sample=0.1, seed=20261031, scale=0.02)
LAST_MONTH, REISSUE = "202605", ".R2."
LOADS = ("first", "second")
SCHEMAS = ("marts", "seeds")
PROJECT_FILES = ("dbt_project.yml", "profiles.yml", "sqlmesh.yaml")
PROJECT_FOLDERS = ("models", "seeds", "macros", "tests/generic", "tests/singular")


SENDERS = (*SLUGS, "kent-education")
CACHE = Path("project/data/scratch/sqlmesh_cache")


@dataclass(frozen=True)
class Compared:
    """Both files of one load, as they were right after it."""

    dbt: Path
    sqlmesh: Path

    @property
    def folder(self) -> Path:
        """The folder of both loads, with what they left on the way."""
        return self.dbt.parent.parent


def copy_project(folder: Path) -> Path:
    """Copy the project, because SQLMesh and its dbt leave caches and logs where they run."""
    folder.mkdir()
    for name in PROJECT_FILES:
        shutil.copyfile(ROOT / name, folder / name)
    for name in PROJECT_FOLDERS:
        shutil.copytree(ROOT / name, folder / name)
    return folder


def hold_back(home: Home, held: Path) -> None:
    """Take out of the inbox what arrives with the second load."""
    for path in sorted(home.inbox.rglob("*")):
        if path.is_file() and (LAST_MONTH in path.name or REISSUE in path.name):
            target = held / path.relative_to(home.inbox)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)


def load_and_link(home: Home) -> Path:
    report = load(home)
    assert report.refused == []
    assert report.accepted
    return link_landing(home).folder


def run_sqlmesh(project: Path, scratch: Path, *options: str) -> None:
    """Run `sqlmesh plan` as an analyst does.

    In a process of its own, because SQLMesh replaces parts of dbt in the one that imports it.
    """
    command = [sys.executable, "-c", "from sqlmesh.cli.main import cli; cli()"]
    environment = os.environ | {
        "LSI_BUILD_FILE": str(scratch),
        "LSI_TEMP_DIRECTORY": str(scratch.parent / "spill"),
        "SQLMESH_HOME": str(scratch.parent / "sqlmesh_home"),
        "DO_NOT_TRACK": "1",
    }
    outcome = subprocess.run(
        [*command, "plan", "--auto-apply", "--no-prompts", "--no-diff", *options],
        cwd=project,
        env=environment,
        text=True,
        capture_output=True,
    )
    assert outcome.returncode == 0, (outcome.stdout + outcome.stderr)[-4000:]


@pytest.fixture(scope="module")
def loads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Compared]]:
    """Load, build by dbt and plan by SQLMesh, twice; return the files of each load."""
    folder = tmp_path_factory.mktemp("parity")
    home, held = Home(folder / "home"), folder / "held"
    project = copy_project(folder / "project")
    with canaries():
        synthesise(home, PLAN, SLUGS, workers=1)
    hold_back(home, held)
    working = Compared(folder / "working" / "dbt.duckdb", folder / "working" / "sqlmesh.duckdb")
    found: dict[str, Compared] = {}
    with pytest.MonkeyPatch.context() as environment:
        for name in ("LSI_BUILD_FILE", "LSI_TEMP_DIRECTORY"):
            environment.setenv(name, "set by the dbt wrapper and put back here")
        variables = {"build_id": "built by dbt"}
        dbt = Dbt(DbtProject(project, working.dbt, folder / "artifacts", variables))
        for name, options in zip(LOADS, ([], ["--restate-model", "*"]), strict=True):
            if name == "second":
                shutil.copytree(held, home.inbox, dirs_exist_ok=True)
            links = load_and_link(home)
            if name == "first":
                lay_cohorts(home, links, PLAN.extract_months[0].first)
            for scratch in (working.dbt, working.sqlmesh):
                lay_scratch_file(home, links, scratch)
            # Tests change no row; they are run over a whole county elsewhere.
            dbt.run(["build", "--resource-type", "seed", "--resource-type", "model"])
            run_sqlmesh(project, working.sqlmesh, *options)
            (folder / name).mkdir()
            found[name] = Compared(folder / name / "dbt.duckdb", folder / name / "sqlmesh.duckdb")
            working.dbt.rename(found[name].dbt)
            # SQLMesh goes on with its file; dbt gets a fresh one.
            shutil.copyfile(working.sqlmesh, found[name].sqlmesh)
    yield found


def found_differences(dbt: Path, sqlmesh: Path, schema: str) -> list[str]:
    with duckdb.connect() as con:
        for name, path in (("dbt", dbt), ("sqlmesh", sqlmesh)):
            con.execute(f"attach '{path}' as {name} (read_only)")
        return differences(con, "dbt", "sqlmesh", schema)


def hashes(path: Path, schema: str = "marts") -> dict[str, str]:
    with duckdb.connect(path, read_only=True) as con:
        return content_hashes(con, schema)


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("name", LOADS)
def test_sqlmesh_gives_the_rows_that_dbt_gives(
    loads: dict[str, Compared], name: str, schema: str
) -> None:
    assert found_differences(loads[name].dbt, loads[name].sqlmesh, schema) == []
    assert hashes(loads[name].dbt, schema) == hashes(loads[name].sqlmesh, schema)


@pytest.mark.parametrize("name", LOADS)
def test_every_model_of_the_marts_was_compared_and_has_rows(
    loads: dict[str, Compared], name: str
) -> None:
    models = {
        path.stem
        for folder in ("marts", "metrics")
        for path in (ROOT / "models" / folder).rglob("*.sql")
    }
    assert hashes(loads[name].sqlmesh).keys() == models
    with duckdb.connect(loads[name].sqlmesh, read_only=True) as con:
        empty = [
            model
            for model in sorted(models)
            if con.execute(f"select 1 from marts.{model} limit 1").fetchone() is None
        ]
    assert empty == []


@pytest.mark.parametrize("name", LOADS)
def test_every_feed_is_in_what_was_compared(loads: dict[str, Compared], name: str) -> None:
    with duckdb.connect(loads[name].sqlmesh, read_only=True) as con:
        held = con.execute("select distinct feed from marts.fct_extracts where is_in_force")
        feeds = {feed for (feed,) in held.fetchall()}
    defined = load_feed_definitions(Home(Path("no county's own"))).keys()
    assert len(defined) == 7
    assert feeds >= defined


def test_the_second_load_brought_a_month_and_changed_an_earlier_one(
    loads: dict[str, Compared],
) -> None:
    query = (
        "select district_code, month, sum(recognised_gbp) from marts.fct_benefit_spend group by all"
    )
    pounds: list[dict[tuple[str, object], object]] = []
    for name in LOADS:
        with duckdb.connect(loads[name].dbt, read_only=True) as con:
            pounds.append({(row[0], row[1]): row[2] for row in con.execute(query).fetchall()})
    before, after = pounds
    assert len(after.keys() - before.keys()) == len(SLUGS)
    assert sum(before[key] != after[key] for key in before) >= 1
    unchanged = {"dim_area", "dim_month", "fct_published_band_d", "time_spine_day"}
    first, second = hashes(loads["first"].dbt), hashes(loads["second"].dbt)
    assert unchanged <= {table for table in first if first[table] == second[table]}
    assert first["fct_cts_month"] != second["fct_cts_month"]


def leaks(folder: Path) -> set[Leak]:
    """Return the identifiers in what was left on the way, and in SQLMesh's file after it."""
    home = Home(folder / "home")
    sent = SentIdentifiers.of_all(sent_identifiers(home, SENDERS).values())
    with canaries() as words:
        sent.add("canary", *words)
    needles = Needles(sent)
    # Somebody is born on a day that a law or a test of ours names: no scan can tell them apart.
    said = {
        (leak.kind, leak.found) for name in PROJECT_FOLDERS for leak in scan(ROOT / name, needles)
    }
    assert {kind for kind, _ in said} <= {"birth date"}
    # What was sent and what is sealed; and files that are compared with those which are scanned.
    outside = (
        home.inbox, home.vault, home.root / "keys", home.truth, folder / "held",
        folder / "first", folder / "second" / "dbt.duckdb", folder / "working",
    )  # fmt: skip
    return {leak for leak in scan(folder, needles, outside) if (leak.kind, leak.found) not in said}


def test_what_both_leave_behind_holds_no_identifier(loads: dict[str, Compared]) -> None:
    """Caches, logs, state, compiled SQL: all values of all tables, SQLMesh's own among them."""
    folder = loads["second"].folder
    for left in (CACHE, Path("project/logs"), Path("project/target"), Path("artifacts")):
        assert [path for path in (folder / left).rglob("*") if path.is_file()], left
    assert leaks(folder) == set()


def test_a_canary_in_a_cache_of_sqlmesh_is_found(
    loads: dict[str, Compared], tmp_path: Path
) -> None:
    folder = loads["second"].folder
    for name in ("inbox", "keys"):
        shutil.copytree(folder / "home" / name, tmp_path / "home" / name)
    shutil.copytree(folder / CACHE, tmp_path / CACHE)
    assert leaks(tmp_path) == set()
    with canaries() as words:
        canary = max(words, key=len)
    cached = next(path for path in (tmp_path / CACHE).rglob("*") if path.is_file())
    cached.write_bytes(gzip.compress(gzip.decompress(cached.read_bytes()) + canary.encode()))
    assert {leak.kind for leak in leaks(tmp_path)} == {"canary"}


def test_a_changed_row_is_reported_with_its_table_and_key(
    loads: dict[str, Compared], tmp_path: Path
) -> None:
    """A row changed by a penny, a row twice, a row gone, a column's type, a table gone."""
    spoilt = tmp_path / "sqlmesh.duckdb"
    shutil.copyfile(loads["second"].dbt, spoilt)
    assert found_differences(loads["second"].dbt, spoilt, "marts") == []
    with duckdb.connect(spoilt) as con:
        key = con.execute(
            "update marts.fct_benefit_spend set accrued_gbp = accrued_gbp + 0.01"
            " where benefit_code = 'cts' and month = date '2026-04-01' and household_key ="
            " (select min(household_key) from marts.fct_benefit_spend"
            " where benefit_code = 'cts' and month = date '2026-04-01') returning household_key"
        ).fetchone()
        con.execute("insert into marts.dim_benefit from marts.dim_benefit")
        con.execute("delete from marts.dim_month where month = date '2026-04-01'")
        con.execute("alter table marts.fct_cts_bearer_month alter share_ratio type double")
        con.execute("drop table marts.time_spine_day")
    assert key is not None
    found = found_differences(loads["second"].dbt, spoilt, "marts")
    changed = [line for line in found if line.startswith("marts.fct_benefit_spend: ")]
    assert [line.split(": ")[1] for line in changed] == ["only in dbt", "only in sqlmesh"]
    assert all(key[0] in line and "2026-04-01" in line for line in changed)
    twice, gone, retyped, dropped = (
        [line for line in found if line.startswith(f"marts.{table}: ")]
        for table in ("dim_benefit", "dim_month", "fct_cts_bearer_month", "time_spine_day")
    )
    # Every benefit stands twice, and each is told.
    assert {line.split(": ")[1] for line in twice} == {"only in sqlmesh"}
    assert [line.split(": ")[1] for line in gone] == ["only in dbt"]
    assert "April 2026" in gone[0]
    assert [line.split(": ")[1].split(",")[0] for line in retyped] == ["columns differ"]
    assert dropped == ["marts.time_spine_day: only in dbt"]
    assert len(found) == 5 + len(twice)
    before, after = hashes(loads["second"].dbt), hashes(spoilt)
    assert {table for table in before if before[table] != after.get(table)} == {
        "fct_benefit_spend",
        "dim_benefit",
        "dim_month",
        "fct_cts_bearer_month",
        "time_spine_day",
    }


def test_the_rows_of_the_first_load_do_not_pass_for_the_second(loads: dict[str, Compared]) -> None:
    """A plan that is not told of the second load leaves these."""
    found = found_differences(loads["second"].dbt, loads["first"].sqlmesh, "marts")
    assert any(line.startswith("marts.fct_benefit_spend: only in dbt: ") for line in found)


def test_a_schema_without_tables_is_no_equality() -> None:
    with duckdb.connect() as con, pytest.raises(WarehouseError, match="no table in it"):
        content_hashes(con, "marts")


def test_a_finished_build_is_no_scratch_file(tmp_path: Path) -> None:
    home = Home(tmp_path)
    built = home.generations / "20260501T000000-0" / "secure.duckdb"
    with pytest.raises(WarehouseError, match="a file of a finished build"):
        lay_scratch_file(home, home.links / "0", built)
