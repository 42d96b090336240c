"""`lsi publish --to FILE.duckdb`: one district's rows, or the county's published tables."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import duckdb
import pytest
from built_county import BuiltCounty
from typer.testing import CliRunner

from openlsi.cli import application
from openlsi.errors import LsiError
from openlsi.warehouse.building import PUBLISHED, SECURE

ASHFORD = "E07000105"


def publish(county: BuiltCounty, *arguments: str) -> str:
    """Run the command in this process; return what it printed."""
    done = CliRunner().invoke(
        application("publish"),
        ["publish", *arguments],
        env={"LSI_HOME": str(county.home.root)},
        catch_exceptions=True,
    )
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def of_ashford(county: BuiltCounty, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("file") / "ashford.duckdb"
    said = publish(county, "--to", str(path), "--district", "ashford")
    assert said.startswith(f"{path}: build {county.home.current.resolve().name}, ")
    return path


@pytest.fixture(scope="module")
def of_the_county(county: BuiltCounty, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("file") / "kent.duckdb"
    publish(county, "--to", str(path))
    return path


def schemas(con: duckdb.DuckDBPyConnection) -> list[str]:
    rows = con.execute("select distinct schema_name from duckdb_tables() order by 1").fetchall()
    return [name for (name,) in rows]


def test_a_districts_file_holds_its_own_rows_and_all_of_them(
    county: BuiltCounty, of_ashford: Path
) -> None:
    secure = duckdb.connect(str(county.home.current.resolve() / SECURE), read_only=True)
    with duckdb.connect(str(of_ashford), read_only=True) as con:
        assert schemas(con) == ["district", "main", "measures"]
        tables = con.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where"
            " column_name in ('district_code', 'district') and database_name = 'ashford'"
            " and schema_name in ('district', 'measures') and table_name in"
            " (select table_name from duckdb_tables())"
        ).fetchall()
        cut = 0
        for schema, table, column in tables:
            codes = con.execute(f'select distinct "{column}" from {schema}."{table}"').fetchall()
            if table in ("dim_district", "dim_area", "dim_ward", "dim_scheme", "bridge_area_ward"):
                assert len(codes) > 1, table
            else:
                assert set(codes) <= {(ASHFORD,)}, table
                cut += 1
        assert cut > 60
        everything = "select count(*) from {}.dim_household where district_code = 'E07000105'"
        assert (
            con.execute(everything.format("district")).fetchall()
            == secure.execute(everything.format("marts")).fetchall()
            > [(0,)]
        )


def test_the_countys_file_holds_what_is_published_and_nothing_else(
    county: BuiltCounty, of_the_county: Path
) -> None:
    publication = duckdb.connect(str(county.home.current.resolve() / PUBLISHED), read_only=True)
    with duckdb.connect(str(of_the_county), read_only=True) as con:
        assert schemas(con) == ["county", "main"]
        names = "select table_name from duckdb_tables() where schema_name = '{}' order by 1"
        wanted = publication.execute(names.format("published")).fetchall()
        assert con.execute(names.format("county")).fetchall() == wanted
        rows = "select count(*), sum(caseload_count) from {}.district_cts_month"
        assert (
            con.execute(rows.format("county_metrics")).fetchall()
            == publication.execute(rows.format("published")).fetchall()
        )


@pytest.mark.parametrize("name", ["of_ashford", "of_the_county"])
def test_a_file_says_what_it_holds_and_is_its_owners_alone(
    name: str, request: pytest.FixtureRequest
) -> None:
    path: Path = request.getfixturevalue(name)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    with duckdb.connect(str(path), read_only=True) as con:
        without = con.execute(
            "select table_name, column_name from duckdb_columns() where comment is null"
            " and schema_name not in ('main', 'information_schema', 'pg_catalog') and not internal"
        ).fetchall()
        assert without == []
        ((of, builds),) = con.execute("select of, count(*) from publication group by 1").fetchall()
        assert (of, builds) == (ASHFORD if name == "of_ashford" else "county", 1)
    # An analyst may call it anything: no view holds the file's name.
    moved = path.with_name("renamed.duckdb")
    os.link(path, moved)
    try:
        with duckdb.connect(str(moved), read_only=True) as con:
            view = "district_metrics" if name == "of_ashford" else "county_metrics"
            assert con.execute(f"select count(*) from {view}.district_cts_month").fetchall() > [
                (0,)
            ]
    finally:
        moved.unlink()


def test_who_has_the_old_file_open_goes_on_reading_it(county: BuiltCounty, tmp_path: Path) -> None:
    path = tmp_path / "kent.duckdb"
    publish(county, "--to", str(path), "--quiet")
    before = path.stat().st_ino
    with duckdb.connect(str(path), read_only=True) as con:
        assert publish(county, "--to", str(path), "--quiet") == ""
        assert con.execute("select count(*) from county.build_info").fetchall() == [(1,)]
    assert path.stat().st_ino != before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--to", "{}/kent.csv"],
            "expected postgresql://USER@HOST:PORT/DATABASE or a file that ends",
        ),
        (["--to", "{}/none/kent.duckdb"], "there is no folder"),
        (["--to", "{}/county.duckdb"], "county is a schema in it"),
        (["--to", "{}/a.duckdb", "--district", "paris"], "--district paris: no such district"),
        (["--to", "postgresql://h/d", "--district", "dover"], "--district is of a file"),
    ],
)
def test_what_cannot_be_written(
    county: BuiltCounty, tmp_path: Path, arguments: list[str], said: str
) -> None:
    with pytest.raises(LsiError, match=said):
        publish(county, *(one.format(tmp_path) for one in arguments))
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_the_file_that_stood_there(
    county: BuiltCounty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openlsi.bi import duckdb_file

    path = tmp_path / "kent.duckdb"
    publish(county, "--to", str(path))
    before = path.read_bytes()

    def full(*_of: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(duckdb_file, "_copy", full)
    with pytest.raises(LsiError, match="No space left on device"):
        publish(county, "--to", str(path))
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
