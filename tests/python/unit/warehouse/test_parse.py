"""A kept parse is taken whole, by its name, or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from dbt.contracts.graph.manifest import Manifest

from openlsi.warehouse.dbt import DbtProject
from openlsi.warehouse.parse import (
    have_unit_tests_passed,
    keep_parse,
    keep_that_unit_tests_passed,
    take_parse,
)

_FILES = ("partial_parse.msgpack", "manifest.json", "semantic_manifest.json")


@pytest.fixture
def parsed(tmp_path: Path) -> Path:
    """Artifacts as a parse leaves them."""
    folder = tmp_path / "parsed"
    folder.mkdir()
    (folder / _FILES[0]).write_bytes(Manifest().to_msgpack())
    (folder / _FILES[1]).write_text('{"nodes": {}}')
    (folder / _FILES[2]).write_text('{"metrics": []}')
    return folder


@pytest.fixture
def artifacts(tmp_path: Path) -> Path:
    folder = tmp_path / "artifacts"
    folder.mkdir()
    return folder


def test_a_kept_parse_is_laid_where_the_next_build_looks(
    parsed: Path, artifacts: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "cache" / "one"
    assert take_parse(kept, artifacts) is None
    keep_parse(parsed, kept)
    assert isinstance(take_parse(kept, artifacts), Manifest)
    assert [(artifacts / name).read_bytes() for name in _FILES] == [
        (parsed / name).read_bytes() for name in _FILES
    ]


def test_only_the_last_few_parses_are_kept(parsed: Path, tmp_path: Path) -> None:
    for name in ("one", "two", "three", "four"):
        keep_parse(parsed, tmp_path / "cache" / name)
    assert {one.name for one in (tmp_path / "cache").iterdir()} == {"two", "three", "four"}


def test_that_unit_tests_passed_is_kept_with_the_parse_and_goes_with_it(
    parsed: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "cache" / "one"
    keep_that_unit_tests_passed(kept)
    assert not have_unit_tests_passed(kept)
    keep_parse(parsed, kept)
    assert not have_unit_tests_passed(kept)
    keep_that_unit_tests_passed(kept)
    assert have_unit_tests_passed(kept)
    assert not have_unit_tests_passed(tmp_path / "cache" / "two")
    keep_parse(parsed, kept)
    assert not have_unit_tests_passed(kept)


@pytest.mark.parametrize("name", [*_FILES, "sha256"])
def test_a_parse_that_is_not_as_it_was_kept_is_not_taken(
    parsed: Path, artifacts: Path, tmp_path: Path, name: str
) -> None:
    kept = tmp_path / "cache" / "one"
    keep_parse(parsed, kept)
    damaged = kept / name
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"\xff")
    assert take_parse(kept, artifacts) is None
    damaged.unlink()
    assert take_parse(kept, artifacts) is None


def test_a_parse_is_named_by_all_that_it_rests_on(tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text("name: one")
    project = DbtProject(tmp_path, tmp_path / "secure.duckdb", tmp_path, {"build_id": "one"})
    name = project.parse_hash()
    assert replace(project, variables={"build_id": "two"}).parse_hash() == name
    assert replace(project, database=tmp_path / "another.duckdb").parse_hash() != name
    (tmp_path / "dbt_project.yml").write_text("name: two")
    assert project.parse_hash() != name
