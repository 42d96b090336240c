"""Generations: what two equal builds hold, where the pointer goes, and builds that are killed."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
import typer
from built_county import TODAY, BuiltCounty, run_lsi_build
from typer.testing import CliRunner, Result

from openlsi.cli import metrics, warehouse
from openlsi.home import Home
from openlsi.warehouse import build as building_command
from openlsi.warehouse.build import build, published_database
from openlsi.warehouse.building import PUBLISHED, SECURE
from openlsi.warehouse.content import content_hashes
from openlsi.warehouse.drill_down import DRILL_DOWN
from openlsi.warehouse.errors import WarehouseError
from openlsi.warehouse.generations import Build, current_build, generations, point_at, prune

# DuckDB writes the version of its storage after a checksum and the letters DUCK; 64 is 1.0's.
STORAGE_OF_1_0 = 64


@dataclass(frozen=True)
class Twice:
    """A home of its own with two generations of the same landing."""

    home: Home
    first: Build
    second: Build

    def file(self, of: Build, name: str) -> Path:
        return self.home.generations / of.build_id / name


@pytest.fixture(scope="module")
def twice(county: BuiltCounty, tmp_path_factory: pytest.TempPathFactory) -> Twice:
    home = county.copied(tmp_path_factory.mktemp("twice") / "home")
    first = current_build(home)
    outcome = run_lsi_build(home, force=True)
    assert first and outcome.is_new
    return Twice(home, first, outcome.build)


def opened(path: Path) -> closing[duckdb.DuckDBPyConnection]:
    return closing(duckdb.connect(str(path), read_only=True))


def column(con: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    return [row[0] for row in con.execute(query).fetchall()]


# --- what a build holds


@pytest.mark.parametrize(
    ("file", "schema"),
    [(SECURE, "marts"), (SECURE, "metrics"), (SECURE, "seeds"), (PUBLISHED, "published")],
)
def test_two_builds_of_the_same_inputs_hold_the_same(twice: Twice, file: str, schema: str) -> None:
    assert twice.first.build_id != twice.second.build_id
    hashes = []
    for of in (twice.first, twice.second):
        with opened(twice.file(of, file)) as con:
            hashes.append(content_hashes(con, schema))
    if schema == "published":
        # It tells the build's own name and is the same in nothing else.
        for held in hashes:
            held.pop("build_info", None)
    assert hashes[0] == hashes[1]


@pytest.mark.parametrize("file", [SECURE, PUBLISHED])
def test_every_table_carries_the_one_build_id_of_its_generation(twice: Twice, file: str) -> None:
    for of in (twice.first, twice.second):
        with opened(twice.file(of, file)) as con:
            tables = column(con, "select schema_name || '.' || table_name from duckdb_tables()")
            assert len(tables) > 10
            for table in tables:
                ids = column(con, f"select distinct build_id from {table}")
                assert ids in ([of.build_id], []), table


@pytest.mark.parametrize("file", [SECURE, PUBLISHED, DRILL_DOWN])
def test_nothing_in_an_emitted_file_reaches_outside_it(
    twice: Twice, file: str, tmp_path: Path
) -> None:
    alone = tmp_path / "alone.duckdb"
    alone.write_bytes(twice.file(twice.second, file).read_bytes())
    config = {"enable_external_access": "false"}
    with closing(duckdb.connect(str(alone), read_only=True, config=config)) as con:
        assert column(con, "select view_name from duckdb_views() where not internal") == []
        assert column(con, "select function_name from duckdb_functions() where not internal") == []
        for table in column(con, "select schema_name || '.' || table_name from duckdb_tables()"):
            con.execute(f"select * from {table}").fetchone()


def test_the_published_file_holds_one_schema_in_a_version_that_older_readers_know(
    twice: Twice,
) -> None:
    path = twice.file(twice.second, PUBLISHED)
    with opened(path) as con:
        schemas = "select distinct schema_name from duckdb_tables()"
        assert column(con, schemas) == ["published"]
        others = "select schema_name from duckdb_schemas() where not internal"
        assert set(column(con, others)) <= {"published", "main"}
    with path.open("rb") as file:
        file.seek(8)
        assert file.read(4) == b"DUCK"
        assert struct.unpack("<Q", file.read(8)) == (STORAGE_OF_1_0,)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_every_user_may_read_the_publication_and_only_the_owner_the_households(
    twice: Twice,
) -> None:
    folder = twice.home.generations / twice.second.build_id
    assert (mode(folder), mode(twice.home.generations)) == (0o755, 0o755)
    modes = {path.name: mode(path) for path in folder.iterdir()}
    assert {SECURE, PUBLISHED, "build.json"} < set(modes)
    assert {name for name, of in modes.items() if of == 0o644} == {PUBLISHED, "build.json"}
    assert {of for name, of in modes.items() if name not in (PUBLISHED, "build.json")} == {0o600}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_user_reads_the_publication_and_not_the_households(twice: Twice) -> None:
    # The run's own temporary folder is closed to others, so the generation is copied out of it.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        shutil.copytree(twice.home.generations / twice.second.build_id, folder / "generation")
        codes = {
            file: subprocess.run(
                ["head", "-c", "1", folder / "generation" / file],
                user=65534, group=65534, extra_groups=[], capture_output=True, check=False,
            ).returncode
            for file in (PUBLISHED, SECURE)
        }  # fmt: skip
    assert codes == {PUBLISHED: 0, SECURE: 1}


# --- the pointer


@pytest.fixture
def back_and_forth(twice: Twice, monkeypatch: pytest.MonkeyPatch) -> Iterator[Twice]:
    """Two generations that differ in one figure, with the pointer at the second."""
    monkeypatch.setenv("LSI_HOME", str(twice.home.root))
    change = "update marts.fct_cts_month set household_count = household_count + {}1000"
    with closing(duckdb.connect(str(twice.file(twice.first, SECURE)))) as con:
        con.execute(change.format(""))
    point_at(twice.home, twice.second.build_id)
    yield twice
    with closing(duckdb.connect(str(twice.file(twice.first, SECURE)))) as con:
        con.execute(change.format("-"))
    point_at(twice.home, twice.second.build_id)


def lsi(*words: str) -> Result:
    app = typer.Typer()
    warehouse.register(app)
    metrics.register(app)
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def caseload() -> str:
    answer = lsi(
        "metrics", "query", "cts_caseload_count", "--by", "month", "--where", "month = 2024-05",
        "--csv",
    )  # fmt: skip
    return answer.stdout.splitlines()[1].split(",")[1]


def test_every_reader_follows_a_rollback(
    back_and_forth: Twice,
) -> None:
    home, first, second = back_and_forth.home, back_and_forth.first, back_and_forth.second
    after = int(caseload())
    assert published_database(home) == back_and_forth.file(second, PUBLISHED).resolve()
    said = lsi("rollback")
    assert said.stdout.startswith(f"readers now open {first.build_id};")
    assert published_database(home) == back_and_forth.file(first, PUBLISHED).resolve()
    with opened(published_database(home)) as con:
        ids = "select distinct build_id from published.county_cts_month"
        assert column(con, ids) == [first.build_id]
    groups = 4 * len(("pension on UC", "pension", "working on UC", "working"))
    assert after < int(caseload()) <= after + 1000 * groups
    marked = [line for line in lsi("generations").stdout.splitlines() if line.startswith("*")]
    assert [line.split()[1] for line in marked] == [first.build_id]


def test_an_open_reader_stays_in_its_generation_when_the_pointer_moves(twice: Twice) -> None:
    ids = "select distinct build_id from published.county_cts_month"
    with opened(published_database(twice.home)) as con:
        assert column(con, ids) == [twice.second.build_id]
        point_at(twice.home, twice.first.build_id)
        assert column(con, ids) == [twice.second.build_id]
        with opened(published_database(twice.home)) as later:
            assert column(later, ids) == [twice.first.build_id]
    point_at(twice.home, twice.second.build_id)


# --- nothing to do, and builds that are killed


def test_the_same_inputs_are_not_built_again(twice: Twice) -> None:
    outcome = run_lsi_build(twice.home)
    assert (outcome.is_new, outcome.build) == (False, twice.second)
    assert [build.build_id for build in generations(twice.home)] == [
        twice.first.build_id,
        twice.second.build_id,
    ]


def unfinished(home: Home) -> list[Path]:
    return list(home.generations.glob(".building-*"))


def test_a_build_killed_among_its_models_leaves_what_readers_had(twice: Twice) -> None:
    command = [
        sys.executable, "-c", "from openlsi.cli import main; main()",
        "build", "--force", "--today", f"{TODAY}",
    ]  # fmt: skip
    with subprocess.Popen(
        command,
        env=os.environ | {"LSI_HOME": str(twice.home.root)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        assert running.stderr
        for line in running.stderr:
            if line.strip().startswith("parse"):
                break
        # The child has parsed the project and is among the models.
        time.sleep(1)
        os.killpg(running.pid, signal.SIGKILL)
        assert running.wait() == -signal.SIGKILL
    assert len(unfinished(twice.home)) == 1
    assert current_build(twice.home) == twice.second
    with opened(twice.home.current / SECURE) as con:
        assert column(con, "select distinct build_id from marts.fct_arrears") == [
            twice.second.build_id
        ]
    assert run_lsi_build(twice.home).is_new is False
    prune(twice.home, 3)
    assert unfinished(twice.home) == []
    assert current_build(twice.home) == twice.second


def child_of(process: int) -> int:
    """Return the newest child process, as Linux lists them."""
    listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return int(listed.split()[-1])


def test_a_build_whose_child_is_killed_says_so_and_moves_nothing(
    twice: Twice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(name: str, seconds: float | None) -> None:
        if name == "parse" and seconds is None:
            os.kill(child_of(os.getpid()), signal.SIGKILL)

    (links,) = twice.home.links.iterdir()
    with pytest.raises(WarehouseError) as told:
        build(twice.home, links=links, today=TODAY, force=True, on_step=kill)
    assert "the build process ended with code -9" in str(told.value)
    assert str(told.value).endswith("; the earlier generation stays in place")
    assert current_build(twice.home) == twice.second
    prune(twice.home, 3)


def test_a_build_that_fails_before_its_end_is_not_taken_for_done(
    twice: Twice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child that ends well but never says that it is done has built nothing."""
    monkeypatch.setattr(building_command.sys, "executable", "/bin/true")
    (links,) = twice.home.links.iterdir()
    with pytest.raises(WarehouseError, match="ended with code 0"):
        build(twice.home, links=links, today=TODAY, force=True)
    assert current_build(twice.home) == twice.second
    prune(twice.home, 3)
