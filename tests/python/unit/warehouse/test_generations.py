"""The pointer and the folders it can point at, without building anything."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from openlsi.home import Home
from openlsi.warehouse.build import published_database
from openlsi.warehouse.errors import WarehouseError
from openlsi.warehouse.generations import (
    Build,
    building_folder,
    current_build,
    finish,
    generations,
    point_at,
    prune,
    read_build,
    write_build,
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "generations").mkdir()
    return Home(tmp_path)


def made(home: Home, build_id: str) -> Build:
    """Put a finished generation in place."""
    folder = building_folder(home, build_id)
    build = Build(build_id, "f", "2024-06-15", "2999-12-31", 1, {}, {})
    (folder / "secure.duckdb").write_text(build_id)
    write_build(folder, build)
    finish(home, folder, build_id)
    return build


def test_before_the_first_build_there_is_none_and_a_reader_is_told(home: Home) -> None:
    assert current_build(home) is None
    assert generations(home) == []
    with pytest.raises(WarehouseError, match="nothing is built yet; run `lsi build` first"):
        published_database(home)


def test_the_pointer_moves_between_finished_generations(home: Home) -> None:
    first, second = made(home, "g1"), made(home, "g2")
    point_at(home, "g2")
    assert current_build(home) == second
    point_at(home, "g1")
    assert current_build(home) == first
    assert generations(home) == [first, second]
    assert [path.name for path in home.root.iterdir() if path.name.startswith(".")] == []


def test_the_pointer_does_not_move_to_what_is_not_finished(home: Home) -> None:
    made(home, "g1")
    point_at(home, "g1")
    building_folder(home, "g2")
    (home.generations / "g3").mkdir()
    for name in ("g2", "g3", "g4", ".building-g2"):
        with pytest.raises(WarehouseError, match="no such generation"):
            point_at(home, name)
    assert (home.current / "secure.duckdb").read_text() == "g1"


def test_a_move_that_was_cut_off_does_not_stop_the_next(home: Home) -> None:
    made(home, "g1")
    (home.root / ".current-next").symlink_to("generations/gone")
    point_at(home, "g1")
    assert (home.current / "secure.duckdb").read_text() == "g1"


def test_a_reader_that_has_resolved_the_pointer_stays_in_its_generation(home: Home) -> None:
    made(home, "g1"), made(home, "g2")
    point_at(home, "g1")
    resolved = published_database(home)
    point_at(home, "g2")
    assert resolved.parent.name == "g1"
    assert published_database(home).parent.name == "g2"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_modes_are_by_what_a_file_holds_whatever_they_were_and_whatever_the_umask(
    home: Home,
) -> None:
    before = os.umask(0o077)
    try:
        home.generations.chmod(0o700)
        folder = building_folder(home, "g1")
        assert mode(folder) == 0o700
        (folder / "publication.duckdb").touch()
        (folder / "secure.duckdb").touch()
        (folder / "secure.duckdb").chmod(0o644)
        (folder / "manifest.json").touch()
        write_build(folder, Build("g1", "f", "2024-06-15", "2999-12-31", 1, {}, {}))
        generation = finish(home, folder, "g1")
    finally:
        os.umask(before)
    assert (mode(home.generations), mode(generation)) == (0o755, 0o755)
    assert {path.name: mode(path) for path in generation.iterdir()} == {
        "publication.duckdb": 0o644,
        "build.json": 0o644,
        "secure.duckdb": 0o600,
        "manifest.json": 0o600,
    }


def test_pruning_keeps_the_newest_the_current_one_and_nothing_unfinished(home: Home) -> None:
    for name in ("g1", "g2", "g3", "g4"):
        made(home, name)
    building_folder(home, "g5")
    point_at(home, "g1")
    prune(home, 2)
    assert sorted(path.name for path in home.generations.iterdir()) == ["g1", "g3", "g4"]


def test_a_generation_whose_facts_are_damaged_says_what_to_do(home: Home) -> None:
    made(home, "g1")
    (home.generations / "g1" / "build.json").write_text("{")
    with pytest.raises(WarehouseError, match="not a finished build"):
        read_build(home.generations / "g1")
