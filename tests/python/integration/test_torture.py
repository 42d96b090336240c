"""Fifteen of the kills of `make torture`, and that what watches them can see."""

from __future__ import annotations

import shutil
import sys
import time
from collections import Counter
from pathlib import Path

import duckdb
import pytest

sys.path.append(str(Path(__file__).parents[3] / "scripts"))
from openlsi.home import Home
from openlsi.warehouse.building import PUBLISHED
from publication_reader import mixed_builds, reading
from torture import Sample, end_of, kills, make_sample, run, survive

KILLS = [
    ("landing.before_flush", 3),
    ("landing.before_rename", 1),
    ("landing.before_rename", 5),
    ("landing.before_folder_flush", 2),
    ("landing.after_folder_flush", 1),
    ("ledger.before_write", 1),
    ("ledger.half_written", 1),
    ("ledger.half_written", 3),
    ("ledger.before_flush", 2),
    ("ledger.after_flush", 1),
    ("ledger.before_head_rename", 1),
    ("ledger.after_head_rename", 2),
    ("links.before_rename", 1),
    ("pointer.before_rename", 1),
    ("site.between_renames", 1),
]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return make_sample(tmp_path_factory.mktemp("torture"))


@pytest.mark.parametrize(("point", "number"), KILLS)
def test_a_run_killed_at_a_point_ends_like_one_that_was_not(
    sample: Sample, tmp_path: Path, point: str, number: int
) -> None:
    assert sample.points[point] >= number, "the point is not reached: its name has changed"
    assert survive(sample, point, number, tmp_path / "killed") == []


def test_a_point_that_is_never_reached_is_not_taken_for_a_kill(
    sample: Sample, tmp_path: Path
) -> None:
    found = survive(sample, "landing.no_such_point", 1, tmp_path / "killed")
    assert found == ["was not killed: code 0"]


def test_a_landing_file_that_went_missing_shows_in_the_end(sample: Sample, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(sample.arrived.home, home, symlinks=True)
    assert run(home, "load").returncode == 0
    next((home / "landing").rglob("*.parquet")).unlink()
    assert end_of(home).landing != sample.arrived.end.landing


def test_a_table_of_another_build_is_seen(sample: Sample, tmp_path: Path) -> None:
    root = tmp_path / "home"
    shutil.copytree(sample.arrived.home, root, symlinks=True)
    home = Home(root)
    assert mixed_builds(home) == []
    with duckdb.connect(str(home.current.resolve() / PUBLISHED)) as con:
        con.execute("update published.coverage set build_id = 'another' where feed = 'cts'")
    assert [one.split(":")[0] for one in mixed_builds(home)] == ["coverage"]


def test_the_reader_sees_what_is_wrong_for_a_moment_and_what_it_cannot_open(
    sample: Sample, tmp_path: Path
) -> None:
    root = tmp_path / "home"
    shutil.copytree(sample.arrived.home, root, symlinks=True)
    home = Home(root)
    with reading(home) as wrong:
        time.sleep(1)
        assert wrong == []
        with duckdb.connect(str(home.current.resolve() / PUBLISHED)) as con:
            con.execute("update published.coverage set build_id = 'another' where feed = 'cts'")
        time.sleep(1)
        assert any(one.startswith("coverage") for one in wrong)
        wrong.clear()
        home.current.unlink()
        time.sleep(1)
        assert all(one.startswith("a reader met FileNotFoundError") for one in wrong)
        assert wrong


def test_a_kill_starts_where_its_part_of_the_run_does(sample: Sample) -> None:
    assert sample.stage_of("ledger.half_written") is sample.arrived
    assert sample.stage_of("links.before_rename") is sample.landed
    assert sample.stage_of("pointer.after_rename") is sample.landed
    assert sample.stage_of("site.page_written") is sample.built


def test_two_hundred_kills_meet_every_point_three_times_and_often_reached_ones_more() -> None:
    points = Counter({"once": 1, "often": 93, "some": 33})
    chosen = Counter(point for point, _ in kills(points, 3, 29))
    assert chosen == {"once": 3, "often": 18, "some": 8}
    assert {number for _, number in kills(Counter({"b": 90}), 3, 3)} == {1, 45, 90}


def test_every_point_is_killed_at_once_before_any_is_again() -> None:
    points = Counter({"a": 1, "b": 90, "c": 2})
    assert [point for point, _ in kills(points, 3, 12)][:3] == ["a", "b", "c"]
    assert len(kills(points, 3, 12)) == 12
    assert len(kills(Counter({"a": 1, "b": 1}), 3, 200)) == 200
