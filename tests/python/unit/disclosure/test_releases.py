"""Each edition is held against all before it; what both together would tell waits for a person."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest
from hand_made import JUNE, MONTH, PEOPLE, PLACE, TO_COUNTY, table, values, write_files
from typer.testing import CliRunner

from openlsi.cli import application
from openlsi.config import ConfigurationError
from openlsi.config.county import configuration_files
from openlsi.disclosure import publish, releasing
from openlsi.disclosure.release_ledger import ReleaseLedger
from openlsi.disclosure.spec import DisclosureError
from openlsi.home import Home

TABLES = (
    table("county", MONTH, PEOPLE),
    table("district", PLACE, MONTH, PEOPLE, owner="place", adds_to=[TO_COUNTY]),
)
WHY = ("--by", "A. Officer", "--why", "the figure was wrong")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose only published tables are the two made by hand."""
    files = write_files(tmp_path, *TABLES)
    for module in ("openlsi.disclosure", "openlsi.disclosure.releasing"):
        monkeypatch.setattr(f"{module}.configuration_files", lambda *_: files)
    assert configuration_files
    monkeypatch.setenv("LSI_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home")


def metrics(con: duckdb.DuckDBPyConnection, parts: Mapping[str, int]) -> None:
    con.execute("create schema if not exists metrics")
    told = {
        "county": values([(JUNE, sum(parts.values()))], "month", "people"),
        "district": values(
            [(place, JUNE, count) for place, count in parts.items()], "place", "month", "people"
        ),
    }
    for name, query in told.items():
        con.execute(f"create or replace table metrics.{name} as {query}")


def go_out(home: Home, build_id: str, parts: Mapping[str, int], edition: str = "county") -> None:
    """Publish an edition and record it, as a build does once readers are pointed at it."""
    home.root.mkdir(exist_ok=True)
    path = home.root / f"{build_id}.duckdb"
    with duckdb.connect(str(path)) as con:
        metrics(con, parts)
        owner = "a" if edition == "district" else None
        publish(con, home=home, edition=edition, build_id=build_id, today="2026-07-01", owner=owner)
    releasing.record_release(home, path, build_id, edition)


def lsi(*words: str) -> str:
    ran = CliRunner().invoke(application(), list(words))
    assert ran.exit_code == 0, (ran.output, ran.exception)
    return ran.output


OLD = {"a": 3, "b": 40, "c": 60, "d": 90}
CONFLICTS = {
    "what was the second hidden cell is shown": ({**OLD, "a": 30, "c": 4}, "can be worked out"),
    "what was shown is the second hidden cell": ({**OLD, "c": 3, "a": 30}, "can be worked out"),
}


@pytest.mark.parametrize("case", CONFLICTS, ids=lambda case: case.replace(" ", "_"))
def test_an_edition_that_tells_more_with_an_earlier_one_is_held(home: Home, case: str) -> None:
    parts, why = CONFLICTS[case]
    go_out(home, "b1", OLD)
    with pytest.raises(DisclosureError, match=why) as held:
        go_out(home, "b2", parts)
    (one,) = releasing.held_releases(home)
    assert f"`lsi approve {one.name} --by NAME --why TEXT`" in str(held.value)
    assert not ReleaseLedger.read(home).has("b2", "county")
    listed = lsi("holds", "--today", "2026-07-02")
    assert one.name in listed
    assert why in listed
    # Held again, it has the same name and stands there once.
    with pytest.raises(DisclosureError, match=one.name):
        go_out(home, "b3", parts)
    assert [each.name for each in releasing.held_releases(home)] == [one.name]

    assert "approved" in lsi("approve", one.name, *WHY)
    assert releasing.held_releases(home) == []
    go_out(home, "b4", parts)
    assert ReleaseLedger.read(home).has("b4", "county")


@pytest.mark.parametrize(
    "parts",
    [OLD, {**OLD, "b": 41}, {**OLD, "d": 190}, {**OLD, "a": 5}],
    ids=["the same", "within its rounding", "a large count revised", "a hidden one revised"],
)
def test_an_edition_that_tells_nothing_more_goes_out(home: Home, parts: dict[str, int]) -> None:
    go_out(home, "b1", OLD)
    go_out(home, "b2", parts)
    assert releasing.held_releases(home) == []


def test_two_neighbouring_roundings_of_a_small_count_are_held(home: Home) -> None:
    """Twelve and thirteen are shown as 10 and 15: one household more, and both are told."""
    go_out(home, "b1", {"a": 12, "b": 40})
    with pytest.raises(DisclosureError, match=r"district.people_count at a.*shown as 10 before"):
        go_out(home, "b2", {"a": 13, "b": 40})


def test_a_total_to_which_a_late_district_was_added_is_held_where_it_tells_that_district(
    home: Home,
) -> None:
    """The county before and after: what lies between is the few of the one that came late."""
    go_out(home, "b1", {"a": 7, "b": 8, "c": 60})
    with pytest.raises(DisclosureError, match=r"district.people_count at d.*worked out"):
        go_out(home, "b2", {"a": 7, "b": 8, "c": 60, "d": 6})


def test_an_earlier_edition_counts_though_others_lie_between(home: Home) -> None:
    go_out(home, "b1", OLD)
    go_out(home, "b2", {**OLD, "d": 190})
    with pytest.raises(DisclosureError, match="is held"):
        go_out(home, "b3", {**OLD, "a": 30, "c": 4, "d": 190})


def test_the_county_s_edition_is_held_against_the_public_one(home: Home) -> None:
    go_out(home, "b1", OLD, "public")
    with pytest.raises(DisclosureError, match="the county edition is held"):
        go_out(home, "b2", {**OLD, "a": 30, "c": 4})


def test_a_district_s_own_edition_is_exact_and_is_not_held(home: Home) -> None:
    go_out(home, "b1", OLD)
    go_out(home, "b2", {**OLD, "a": 30, "c": 4}, "district")
    assert not ReleaseLedger.read(home).has("b2", "district")


def test_figures_kept_aside_are_not_held_against_what_was_published(home: Home) -> None:
    go_out(home, "b1", OLD)
    with duckdb.connect() as con:
        metrics(con, {**OLD, "a": 30, "c": 4})
        publish(con, home=home, edition="county", build_id="b2", today="2026-07-01", goes_out=False)
    assert releasing.held_releases(home) == []


def test_an_edition_that_must_go_out_does_and_its_conflicts_stand_in_the_ledger(
    home: Home,
) -> None:
    go_out(home, "b1", OLD)
    with duckdb.connect() as con:
        metrics(con, {**OLD, "a": 30, "c": 4})
        publish(
            con, home=home, edition="county", build_id="b2", today="2026-07-01", must_go_out=True
        )
    assert releasing.held_releases(home) == []
    last = ReleaseLedger.read(home).events[-1]
    assert (last["event"], last["by"]) == ("release_approved", "")
    assert "was erased" in last["why"]
    assert last["count"] == len(last["conflicts"]) > 0


def test_a_county_may_have_conflicts_recorded_and_not_held(home: Home) -> None:
    go_out(home, "b1", OLD)
    home.config.mkdir(parents=True, exist_ok=True)
    limits = home.config / "limits.yml"
    limits.write_text("releases: {conflicts: record}\n", encoding="utf-8")
    go_out(home, "b2", {**OLD, "a": 30, "c": 4})
    approved = [
        one for one in ReleaseLedger.read(home).events if one["event"] == "release_approved"
    ]
    assert ["limits.yml says" in one["why"] for one in approved] == [True]
    limits.write_text("releases: {conflicts: maybe}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"(?s)limits.yml: releases:.*'hold' or 'record'"):
        go_out(home, "b3", {**OLD, "a": 20, "c": 8})


def test_only_what_has_changed_is_recorded_and_each_edition_can_be_put_together(
    home: Home,
) -> None:
    go_out(home, "b1", OLD)
    go_out(home, "b2", {**OLD, "d": 190})
    first, second = ReleaseLedger.read(home).events
    assert len(first["changed"]["district"]) == 4
    assert list(second["changed"]["district"].values()) == [{"people_count": 190.0}]
    editions = list(ReleaseLedger.read(home).releases())
    shown = [
        sorted(str(r["people_count"]) for r in e.tables["district"].values()) for e in editions
    ]
    assert shown == [["60.0", "90.0", "c", "c"], ["190.0", "60.0", "c", "c"]]
    before = home.releases.read_bytes()
    releasing.record_release(home, home.root / "b2.duckdb", "b2", "county")
    assert home.releases.read_bytes() == before


def test_a_line_that_was_edited_is_told_with_its_number(home: Home) -> None:
    go_out(home, "b1", OLD)
    go_out(home, "b2", {**OLD, "d": 190})
    home.releases.write_text(home.releases.read_text().replace("190.0", "185.0"))
    with pytest.raises(
        DisclosureError, match=r"releases.jsonl, line 2: the chain of hashes breaks"
    ):
        go_out(home, "b3", OLD)


def test_a_line_that_a_crash_left_torn_is_no_line(home: Home) -> None:
    go_out(home, "b1", OLD)
    with home.releases.open("a") as file:
        file.write('{"event": "release_publi')
    go_out(home, "b2", {**OLD, "d": 190})
    assert [event["build_id"] for event in ReleaseLedger.read(home).events] == ["b1", "b2"]


def test_approving_asks_for_a_name_a_reason_and_something_held(home: Home) -> None:
    go_out(home, "b1", OLD)
    for words, told in (
        (("r123", *WHY), "r123: no edition of this name is held"),
        (("r123", "--by", " ", "--why", "x"), "--by: found nothing"),
    ):
        ran = CliRunner().invoke(application(), ["approve", *words])
        assert str(ran.exception).startswith(told)


def test_a_publication_of_an_earlier_version_is_recorded_as_far_as_it_goes(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first build after an upgrade finds columns and tables described that are not there."""
    path = home.root / "b1.duckdb"
    home.root.mkdir()
    with duckdb.connect(str(path)) as con:
        metrics(con, OLD)
        publish(con, home=home, edition="county", build_id="b1", today="2026-07-01")
    more = {"name": "more_count", "kind": "count", "source": "more", "subset_of": "people_count"}
    ward = {"name": "ward", "kind": "key", "source": "ward"}
    later = tmp_path / "later"
    later.mkdir()
    files = write_files(
        later,
        table("county", MONTH, PEOPLE, more),
        table("district", PLACE, ward, MONTH, PEOPLE, owner="place", adds_to=[TO_COUNTY]),
        table("village", PLACE, MONTH, PEOPLE, owner="place"),
    )
    monkeypatch.setattr("openlsi.disclosure.releasing.configuration_files", lambda *_: files)
    releasing.record_release(home, path, "b1", "county")
    (recorded,) = ReleaseLedger.read(home).releases()
    # Districts are told by wards as well by now, so those of then cannot be compared.
    assert list(recorded.tables) == ["county"]
    assert list(recorded.tables["county"].values()) == [{"people_count": 195.0}]
