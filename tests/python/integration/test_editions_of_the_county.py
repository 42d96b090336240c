"""`lsi edition`: the public's file hides what the county's hides, and a district's is exact."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from built_county import ROOT, BuiltCounty
from typer.testing import CliRunner

from openlsi import disclosure
from openlsi.cli import application
from openlsi.disclosure.release_ledger import ReleaseLedger
from openlsi.disclosure.spec import DisclosureError
from openlsi.errors import LsiError
from openlsi.home import Home
from openlsi.report.site import Request, render_site
from openlsi.warehouse.build import published_database
from openlsi.warehouse.generations import current_build

COUNTY_ONLY = (
    "county_discretionary_reason_month",
    "county_fund_reason_quarter",
    "county_uc_deduction_month",
    "district_debt_overlap_month",
    "quarantine_reason",
)
WORDS = "status, release_note, build_id"


def lsi(home: Home, *arguments: str | Path) -> str:
    """Run a command in this process; an error of ours comes through as it is."""
    told = CliRunner().invoke(
        application("edition"),
        ["edition", *map(str, arguments)],
        env={"LSI_HOME": str(home.root)},
        catch_exceptions=False,
    )
    assert told.exit_code == 0, told.output
    return told.output


def tables(path: Path) -> dict[str, int]:
    with duckdb.connect(str(path), read_only=True) as con:
        names = con.execute(
            "select table_name from duckdb_tables() where schema_name = 'published'"
        ).fetchall()
        return {
            name: con.execute(f"select count(*) from published.{name}").fetchall()[0][0]
            for (name,) in names
        }


@pytest.fixture(scope="module")
def home(county: BuiltCounty, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return county.copied(tmp_path_factory.mktemp("editions") / "home")


@pytest.fixture(scope="module")
def public(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("public")
    told = lsi(home, "public", "--out", folder / "public.duckdb", "--csv", folder / "csv")
    assert "public edition of build" in told
    return folder / "public.duckdb"


def test_the_public_edition_is_the_county_s_less_its_breakdowns(home: Home, public: Path) -> None:
    county = published_database(home)
    held, shown = tables(county), tables(public)
    assert held.keys() == shown.keys()
    assert {name for name in held if shown[name] != held[name]} == set(COUNTY_ONLY)
    assert [(held[name] > 0, shown[name]) for name in COUNTY_ONLY] == [(True, 0)] * len(COUNTY_ONLY)
    with duckdb.connect() as con:
        con.execute(f"attach '{county}' as county (read_only)")
        con.execute(f"attach '{public}' as public (read_only)")
        for name in sorted(set(held) - {*COUNTY_ONLY, "build_info"}):
            differ = con.execute(
                f"select count(*) from (from public.published.{name}"
                f" except all from county.published.{name})"
            ).fetchone()
            assert differ == (0,), name
        editions = con.execute("select edition from public.published.build_info").fetchall()
        assert editions == [("public",)]


def test_a_written_edition_is_its_owner_s_alone_and_leaves_nothing_behind(
    home: Home, public: Path
) -> None:
    assert public.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in public.parent.iterdir()) == ["csv", "public.duckdb"]
    assert [path for path in home.generations.iterdir() if path.name.startswith(".")] == []
    written = {path.stem: path for path in (public.parent / "csv").iterdir()}
    assert written.keys() == {name for name, rows in tables(public).items() if rows}
    heading = written["county_cts_month"].read_text(encoding="utf-8-sig").splitlines()[0]
    assert heading.startswith("month,") and "caseload_count_mark" in heading


def test_the_public_edition_is_recorded_once_beside_the_county_s(home: Home, public: Path) -> None:
    lsi(home, "public", "--out", public.parent / "again.duckdb", "--quiet")
    (public.parent / "again.duckdb").unlink()
    build = current_build(home)
    assert build is not None
    told = [
        (event["edition"], event["build_id"])
        for event in ReleaseLedger.read(home).events
        if event["event"] == "release_published"
    ]
    assert told == [("county", build.build_id), ("public", build.build_id)]


def test_the_pages_build_from_the_public_edition(public: Path, tmp_path: Path) -> None:
    request = Request(ROOT / "reports", tmp_path / "site", public, tmp_path / "cache", None)
    outcome = render_site(request, lambda _place: None)
    assert outcome.pages > 20
    site = tmp_path / "site"
    for page in ("data-quality", "arrears"):
        text = (site / page / "index.html").read_text(encoding="utf-8")
        assert "The public edition leaves this breakdown out" in text
    about = (site / "about" / "index.html").read_text(encoding="utf-8")
    assert "These pages are the <strong" in about and "public edition" in about


def test_a_district_s_edition_is_exact_and_its_own(home: Home, tmp_path: Path) -> None:
    before = len(ReleaseLedger.read(home).events)
    out = tmp_path / "ashford.duckdb"
    told = lsi(home, "district", "--district", "ashford", "--out", out)
    assert "not to publish" in told
    assert len(ReleaseLedger.read(home).events) == before
    shown = tables(out)
    assert not [name for name in shown if name.startswith(("county_cts", "county_living"))]
    with duckdb.connect() as con:
        con.execute(f"attach '{out}' as own (read_only)")
        con.execute(f"attach '{home.current.resolve() / 'secure.duckdb'}' as secure (read_only)")
        codes = con.execute("select distinct district_code from own.published.district_cts_month")
        assert codes.fetchall() == [("E07000105",)]
        exact = con.execute(
            "select month, sum(household_count), sum(weekly_award_gbp)"
            " from secure.marts.fct_cts_month where district_code = 'E07000105'"
            " group by month order by month"
        ).fetchall()
        told_rows = con.execute(
            "select month, caseload_count, weekly_award_gbp from own.published.district_cts_month"
            " order by month"
        ).fetchall()
        assert [(m, c) for m, c, _ in told_rows] == [(m, c) for m, c, _ in exact]
        assert [g for _, _, g in told_rows] == [round(g) for _, _, g in exact]
        hidden = con.execute(
            "select count(*) from own.published.district_cts_month where caseload_count_mark = 'c'"
        ).fetchone()
        assert hidden == (0,)


REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "an edition that there is not": (("parish",), "parish: there is no such edition"),
    "a district's without its district": (("district",), "needs --district"),
    "a district that there is not": (
        ("district", "--district", "camelot"),
        "--district camelot: no such district; there are ashford",
    ),
    "a public one of a district": (
        ("public", "--district", "ashford"),
        "--district ashford: the public edition is of all districts",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_go_together_is_refused_and_nothing_written(
    home: Home, tmp_path: Path, case: str
) -> None:
    arguments, message = REFUSED[case]
    with pytest.raises(LsiError, match=message):
        lsi(home, *arguments, "--out", tmp_path / "file.duckdb")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_refused_first(home: Home, tmp_path: Path) -> None:
    with pytest.raises(LsiError, match="there is no folder"):
        lsi(home, "public", "--out", tmp_path / "none" / "file.duckdb")
    with pytest.raises(LsiError, match="is a folder"):
        lsi(home, "public", "--out", tmp_path)
    with pytest.raises(LsiError, match="is there already"):
        lsi(home, "public", "--out", tmp_path / "file.duckdb", "--csv", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_a_build_there_is_no_edition(tmp_path: Path) -> None:
    empty = Home(tmp_path / "home")
    empty.root.mkdir()
    with pytest.raises(LsiError, match="nothing is built yet"):
        lsi(empty, "public", "--out", tmp_path / "file.duckdb")


def test_an_edition_that_is_held_is_neither_written_nor_recorded(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What conflicts is told by the tests of releases; here, that the command asks and heeds."""

    def held(*_told: object, **_more: object) -> None:
        raise DisclosureError("the public edition is held")

    monkeypatch.setattr(disclosure, "check_against_earlier", held)
    before = len(ReleaseLedger.read(home).events)
    with pytest.raises(LsiError, match="the public edition is held"):
        lsi(home, "public", "--out", tmp_path / "file.duckdb")
    assert list(tmp_path.iterdir()) == []
    assert len(ReleaseLedger.read(home).events) == before
    assert [path for path in home.generations.iterdir() if path.name.startswith(".")] == []
