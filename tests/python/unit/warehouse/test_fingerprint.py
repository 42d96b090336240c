"""What makes a build necessary, and what does not: each input in turn is changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from openlsi.extract.chain import Ledger
from openlsi.home import Home
from openlsi.warehouse import fingerprint
from openlsi.warehouse.build import FAR_FUTURE, build_fingerprint

PROJECT = {
    "dbt_project.yml": "name: tiny\n",
    "profiles.yml": "tiny: {}\n",
    "models/marts/fct_tiny.sql": "select 1\n",
    "models/marts/fct_tiny.yml": "version: 2\n",
    "macros/tiny.sql": "{% macro tiny() %}1{% endmacro %}\n",
    "seeds/tiny.csv": "a\n1\n",
    "tests/singular/tiny.sql": "select 1 where false\n",
    "tests/python/test_tiny.sql": "select 1\n",
    "README.md": "Tiny.\n",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    for name, text in PROJECT.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    monkeypatch.setenv("LSI_PROJECT", str(folder))
    return folder


@pytest.fixture
def home(tmp_path: Path, project: Path) -> Home:
    return Home(tmp_path / "home")


def of(
    home: Home,
    *,
    links: str = "links-1",
    today: date = date(2024, 6, 15),
    known_at: str = FAR_FUTURE,
    edition: str = "county",
) -> str:
    return build_fingerprint(home, home.links / links, today, known_at, edition)


def test_nothing_changed_is_the_same(home: Home) -> None:
    assert of(home) == of(home)


def test_each_argument_counts(home: Home) -> None:
    prints = [
        of(home),
        of(home, links="links-2"),
        of(home, today=date(2024, 6, 16)),
        of(home, known_at="2024-06-01 23:59:59"),
        of(home, edition="public"),
    ]
    assert len(set(prints)) == len(prints)


DECIDING = [name for name in PROJECT if not name.startswith("tests/python") and name != "README.md"]


@pytest.mark.parametrize("name", DECIDING)
def test_each_file_of_the_project_that_can_change_a_number_counts(
    home: Home, project: Path, name: str
) -> None:
    before = of(home)
    (project / name).write_text(PROJECT[name] + "\n")
    assert of(home) != before
    (project / name).write_text(PROJECT[name])
    assert of(home) == before
    (project / name).rename(project / f"{name}.moved{Path(name).suffix}")
    if name != "dbt_project.yml":
        assert of(home) != before


def test_what_decides_no_number_does_not_count(home: Home, project: Path) -> None:
    before = of(home)
    (project / "tests/python/test_tiny.sql").write_text("select 2\n")
    (project / "README.md").write_text("Changed.\n")
    (project / "models/marts/fct_tiny.sql").touch()
    for folder in (home.site, home.landing, home.truth):
        folder.mkdir(parents=True)
        (folder / "stray.parquet").write_bytes(b"stray")
    assert of(home) == before


@pytest.mark.parametrize(
    "name", ["limits.yml", "disclosure/rules.yml", "layouts/own.yml", "cts_budgets.csv"]
)
def test_the_countys_own_configuration_counts(home: Home, name: str) -> None:
    before = of(home)
    own = home.config / name
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text("one: 1\n")
    after = of(home)
    own.write_text("one: 2\n")
    assert len({before, after, of(home)}) == 3


def accepted(extract_id: str, loaded_at: str) -> dict[str, object]:
    """Return the ledger's line of an extract, as bare as the reading of it allows."""
    return {
        "event": "extract_accepted", "extract_id": extract_id, "feed": "cts",
        "district_code": "E07000105", "month": "2024-05-01", "layout": "academy_cts",
        "mode": "snapshot", "key_id": "k1", "produced_at": None, "loaded_at": loaded_at,
        "is_reissue": True, "why": "a test", "content_hash": extract_id, "files": [],
        "physical_rows": 1, "structural_rows": 0, "accepted_rows": 1, "quarantined_rows": 0,
        "accepted_gbp": "1.00", "quarantined_gbp": "0.00", "unreadable_gbp": "0.00",
        "records": [], "quarantine_reasons": [],
    }  # fmt: skip


def test_what_is_landed_and_when_it_became_known_count(home: Home) -> None:
    prints = [of(home)]
    home.ledger.parent.mkdir(parents=True)
    for extract_id, loaded_at in (("x1", "2024-06-01T09:00:00"), ("x2", "2024-06-09T09:00:00")):
        Ledger.read(home).append([accepted(extract_id, loaded_at)])
        prints.append(of(home))
    shutil.rmtree(home.ledger.parent)
    Ledger.read(home).append([accepted("x1", "2024-06-02T09:00:00")])
    # The same extract, known a day later: figures as known on 1 June are others.
    prints.append(of(home, known_at="2024-06-01 23:59:59"))
    shutil.rmtree(home.ledger.parent)
    Ledger.read(home).append([accepted("x1", "2024-06-01T09:00:00")])
    prints.append(of(home, known_at="2024-06-01 23:59:59"))
    assert len(set(prints)) == len(prints)


Change = Callable[[Path], object]


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "warehouse" / "one.py").write_text("x = 2\n"),
        lambda folder: (folder / "warehouse" / "two.py").write_text("x = 1\n"),
        lambda folder: (folder / "warehouse" / "rules.yml").write_text("x: 2\n"),
        lambda folder: (folder / "warehouse" / "one.py").rename(folder / "warehouse" / "1.py"),
    ],
    ids=["edited", "added", "rules", "renamed"],
)
def test_the_code_that_builds_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    (tmp_path / "warehouse").mkdir()
    (tmp_path / "warehouse" / "one.py").write_text("x = 1\n")
    (tmp_path / "warehouse" / "rules.yml").write_text("x: 1\n")
    monkeypatch.setattr(fingerprint, "_package_folder", lambda: tmp_path)
    before = fingerprint.code_hash(["warehouse"])
    assert fingerprint.code_hash(["warehouse"]) == before
    change(tmp_path)
    assert fingerprint.code_hash(["warehouse"]) != before


def test_a_newer_engine_counts(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    before = of(home)
    monkeypatch.setattr("openlsi.warehouse.build.package_versions", lambda: {"duckdb": "9"})
    assert of(home) != before
