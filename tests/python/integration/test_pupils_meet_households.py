"""Pupils meet the right households by the named sharing, and none without it."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
import yaml
from built_county import BuiltCounty

from openlsi.cli.linking import link_landing
from openlsi.config.county import default_file
from openlsi.extract.loading import load
from openlsi.home import Home
from openlsi.identity.sharing import FILE
from reconciliation.landing_keys import keyed

LINKING = ("fsm_nino_key", "fsm_name_dob_key", "fsm_partner_nino_key", "fsm_partner_name_dob_key")


def test_every_pupil_that_meets_a_claim_meets_its_parents(county: BuiltCounty) -> None:
    home = county.home
    links = duckdb.sql(
        "select pupil_key, cast(census_month as varchar), district_code, uc_key"
        f" from '{link_landing(home).folder / FILE}'"
    ).fetchall()
    assert len(links) > 50
    truth = duckdb.sql(
        "select pupil_ref, cast(month as varchar), district_code, uc_ref"
        f" from '{home.truth}/pupils.parquet' where uc_ref is not null"
    ).fetchall()
    pupil_keys = keyed(home, "E10000016", "pupil", (row[0] for row in truth))
    uc_keys = {
        code: keyed(home, code, "uc_claim", (row[3] for row in truth if row[2] == code))
        for code in {row[2] for row in truth}
    }
    possible = {
        (pupil_keys[ref], month, code, uc_keys[code][claim]) for ref, month, code, claim in truth
    }
    assert set(links) <= possible


@pytest.fixture(scope="module")
def unshared(county: BuiltCounty, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home that loads what Dartford and the service sent, and names no sharing."""
    home = Home(tmp_path_factory.mktemp("unshared"))
    home.config.mkdir(parents=True)
    settings = yaml.safe_load(default_file("districts.yml").read_text(encoding="utf-8"))
    settings["sharings"] = {}
    (home.config / "districts.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    for folder in ("dartford", "kent-education", "reference"):
        shutil.copytree(county.home.inbox / folder, home.inbox / folder)
    assert load(home).refused == []
    return home


def landed(home: Home, feed: str, record: str) -> Path:
    return home.landing / f"feed={feed}" / f"record={record}"


@pytest.mark.parametrize(
    ("feed", "record"), [("free_school_meals", "pupil"), ("universal_credit", "award")]
)
def test_without_the_sharing_no_linking_key_is_made(
    county: BuiltCounty, unshared: Home, feed: str, record: str
) -> None:
    def filled(home: Home) -> tuple[int, ...]:
        files = f"read_parquet('{landed(home, feed, record)}/**/*.parquet')"
        columns = [row[0] for row in duckdb.sql(f"describe from {files}").fetchall()]
        counts = [f"count({name})" for name in LINKING if name in columns]
        assert len(counts) >= 2
        return duckdb.sql(f"select {', '.join(counts)} from {files}").fetchall()[0]

    assert set(filled(unshared)) == {0}
    assert min(filled(county.home)) > 0


def test_without_the_sharing_no_pupil_meets_a_household(unshared: Home) -> None:
    linked = duckdb.sql(f"from '{link_landing(unshared).folder / FILE}'").fetchall()
    assert linked == []


def test_a_sharing_withdrawn_links_nothing_by_the_keys_that_were_made(
    county: BuiltCounty, tmp_path: Path
) -> None:
    home = county.copied(tmp_path / "home")
    before = link_landing(home).folder
    settings = yaml.safe_load(default_file("districts.yml").read_text(encoding="utf-8"))
    settings["sharings"] = {}
    home.config.mkdir(parents=True, exist_ok=True)
    (home.config / "districts.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    after = link_landing(home)
    assert after.is_new and after.folder != before
    assert duckdb.sql(f"from '{after.folder / FILE}'").fetchall() == []
