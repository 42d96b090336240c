"""What custody does to a built county: keys change in every file, and no figure does."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import duckdb
import pytest
from built_county import BuiltCounty, run_lsi_build

from openlsi.cli.custody import settle
from openlsi.extract.key_rotation import rotate_keys
from openlsi.extract.ledger import landed_anew
from openlsi.home import Home
from openlsi.warehouse.generations import generations, purge

SLUG, CODE = "ashford", "E07000105"


@pytest.fixture(scope="module")
def home(county: BuiltCounty, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home of this module's own; its tests go on one after another, as a county would."""
    return county.copied(tmp_path_factory.mktemp("custody") / "home")


def rows(home: Home, file: str, query: str) -> list[tuple[Any, ...]]:
    with closing(duckdb.connect(str(home.current / file), read_only=True)) as con:
        return con.execute(query).fetchall()


def published(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    tables = rows(
        home, "publication.duckdb",
        "select table_name from duckdb_tables() where schema_name = 'published'",
    )  # fmt: skip
    return {
        name: rows(
            home, "publication.duckdb",
            f"select * exclude (build_id) from published.{name} order by all",
        )
        for (name,) in tables if name != "build_info"
    }  # fmt: skip


def household_versions(home: Home) -> list[tuple[Any, ...]]:
    return rows(
        home, "secure.duckdb",
        "select * exclude (household_version_key, household_key, dwelling_key, build_id)"
        " from marts.dim_household order by all",
    )  # fmt: skip


def keys_in(home: Home, district: str) -> set[str]:
    return {
        key
        for row in rows(
            home, "secure.duckdb",
            "select household_key, dwelling_key from marts.dim_household"
            f" where district_code = '{district}'",
        )
        for key in row
        if key
    }  # fmt: skip


def rebuild(home: Home) -> None:
    settle(home)
    assert run_lsi_build(home).is_new
    purge(home, landed_anew(home))


def test_rotated_keys_change_every_key_and_no_figure(home: Home) -> None:
    before, versions, keys = published(home), household_versions(home), keys_in(home, CODE)
    other = keys_in(home, "E07000107")
    rotate_keys(home, SLUG, "k2", by="A. Keeper", why="yearly")
    rebuild(home)
    assert published(home) == before
    assert household_versions(home) == versions
    assert len(keys) == len(keys_in(home, CODE))
    assert not keys & keys_in(home, CODE)
    assert keys_in(home, "E07000107") == other
    assert len(generations(home)) == 1
