"""`lsi publish --to postgresql://…`: what stands there afterwards, and what is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
import pytest
from built_county import BuiltCounty
from published_county import PASSWORD, PublishedCounty, publish_home

from openlsi.bi.errors import PublishError
from openlsi.config import load_configuration
from openlsi.config.county import default_file
from openlsi.home import Home
from openlsi.warehouse.building import PUBLISHED, SECURE
from postgres_server import Server, running

LSI = [sys.executable, "-c", "from openlsi.cli import main; main()"]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server of this file's own, whose databases its tests make for themselves."""
    with running() as one:
        yield one


@pytest.fixture
def database(server: Server, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database with no role of ours in the cluster."""
    name = f"of_{abs(hash(request.node.name))}"
    server.psql(f"create database {name}")
    yield name
    server.psql(f"drop database {name} with (force)")
    for role in server.psql("select rolname from pg_roles where rolname like 'lsi_%'").split():
        server.psql(f"drop role {role}")


def lsi_publish(
    home: Home, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would, in a process of its own."""
    return subprocess.run(
        [*LSI, "publish", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"LSI_HOME": str(home.root)} | environment,
    )


def refused(home: Home, *arguments: str, **environment: str) -> str:
    """Return the one line that the command ends with, which never holds the password."""
    done = lsi_publish(home, *arguments, **environment)
    assert done.returncode == 1, done.stdout
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("lsi: ")
    assert PASSWORD not in line
    return line


def schemas(server: Server, database: str) -> str:
    return server.psql(
        "select string_agg(nspname, ' ' order by 1) from pg_namespace"
        " where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')",
        server.address(database=database),
    )


# What stands there.


def test_rows_and_pounds_are_the_warehouses(published: PublishedCounty) -> None:
    home = published.home
    con = duckdb.connect()
    con.execute(f"attach '{home.current.resolve() / SECURE}' as secure (read_only)")
    con.execute(f"attach '{home.current.resolve() / PUBLISHED}' as publication (read_only)")
    for here, there in (
        ("secure.marts.dim_household", "district.dim_household"),
        ("secure.marts.fct_cts_month", "district.fct_cts_month"),
        ("secure.metrics.ward_month", "measures.ward_month"),
        ("publication.published.district_cts_month", "county.district_cts_month"),
    ):
        rows = con.execute(f"select count(*) from {here}").fetchall()
        assert rows > [(0,)]
        assert published.ask("", f"select count(*) from {there}") == rows, here
    pounds = "select sum(overdue_gbp), sum(costs_gbp), count(*) from {} where month > '2024-02-01'"
    kept = published.ask("", pounds.format("district.fct_arrears"))
    assert kept == con.execute(pounds.format("secure.marts.fct_arrears")).fetchall()


def test_every_mart_and_every_published_table_is_there(published: PublishedCounty) -> None:
    con = duckdb.connect()
    con.execute(f"attach '{published.home.current.resolve() / SECURE}' as secure (read_only)")
    con.execute(
        f"attach '{published.home.current.resolve() / PUBLISHED}' as publication (read_only)"
    )
    for database, schema, there in (
        ("secure", "marts", "district"), ("publication", "published", "county")
    ):  # fmt: skip
        wanted = con.execute(
            "select table_name from duckdb_tables() where database_name = ? and schema_name = ?"
            " order by 1",
            [database, schema],
        ).fetchall()
        found = published.ask("", f"select tablename from pg_tables where schemaname = '{there}'")
        assert sorted(found) == wanted


def test_of_a_mart_with_a_row_a_household_each_district_has_its_own_latest_months(
    county: BuiltCounty, server: Server, database: str
) -> None:
    address = server.address(database=database)
    publish_home(county.home, address, months=2)
    months = (
        "select district_code, count(distinct month), max(month)::text from district.{} group by 1"
    )
    there = server.psql(months.format("fct_arrears"), address).splitlines()
    con = duckdb.connect(str(county.home.current.resolve() / SECURE), read_only=True)
    latest = dict(
        con.execute("select district_code, max(month) from marts.fct_arrears group by 1").fetchall()
    )
    assert sorted(there) == sorted(f"{code}|2|{month}" for code, month in latest.items())
    # What has a row a district and month is there with all of them.
    assert (
        server.psql("select count(distinct month) > 2 from district.fct_cts_month", address) == "t"
    )
    publish_home(county.home, address, months=None)
    ((rows,),) = con.execute("select count(*) from marts.fct_arrears").fetchall()
    assert server.psql("select count(*) from district.fct_arrears", address) == str(rows)


def test_every_table_view_and_column_has_its_words(published: PublishedCounty) -> None:
    without = published.ask(
        "",
        "select c.oid::regclass || coalesce('.' || a.attname, '')"
        " from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid"
        " left join pg_attribute as a on c.oid = a.attrelid and a.attnum >= 0"
        " and not a.attisdropped"
        " where n.nspname in ('district', 'measures', 'district_metrics', 'county',"
        " 'county_metrics') and c.relkind in ('r', 'v')"
        " and (col_description(c.oid, a.attnum) is null or obj_description(c.oid) is null)",
    )
    assert without == []


def test_a_metric_is_told_by_label_definition_and_unit(published: PublishedCounty) -> None:
    told = "select col_description('{}'::regclass, attnum) from pg_attribute where attrelid ="
    told += " '{}'::regclass and attname = '{}'"
    for view, column in (
        ("district_metrics.district_cts_month", "cts_caseload_count"),
        ("county_metrics.district_cts_month", "caseload_count"),
    ):
        ((words,),) = published.ask("", told.format(view, view, column))
        assert words.startswith("CTS caseload. Households with an award in payment")
        assert "Definition: Definitions 1 and 5" in words
        assert "Unit: households." in words


def test_a_guard_against_disclosure_is_no_metric_of_a_view(published: PublishedCounty) -> None:
    columns = published.ask(
        "",
        "select attname from pg_attribute"
        " where attrelid = 'district_metrics.district_cts_month'::regclass",
    )
    assert ("cts_caseload_count",) in columns
    assert not any("largest" in name or "__" in name for (name,) in columns)


def test_each_publish_is_written_down(county: BuiltCounty, server: Server, database: str) -> None:
    address = server.address(database=database)
    first = publish_home(county.home, address)
    again = publish_home(county.home, address)
    assert first.made_anew == first.tables + first.views
    assert again.made_anew == 0
    kept = server.psql(
        "select p.build_id, p.tables, count(*), sum(t.rows) from lsi.publication as p"
        " inner join lsi.published_table as t using (build_id, published_at)"
        " group by p.build_id, p.tables, published_at",
        address,
    )
    line = f"{first.build_id}|{first.tables}|{first.tables}|{first.rows}"
    assert kept.splitlines() == [line, line]
    amounts = "select amounts = (select sum(coalesce(overdue_gbp, 0) + coalesce(not_yet_due_gbp, 0)"
    amounts += (
        " + coalesce(costs_gbp, 0) + coalesce(credit_gbp, 0) + coalesce(qrc4_arrears_gbp, 0))"
    )
    amounts += " from district.fct_arrears) from lsi.published_table where name = 'fct_arrears'"
    assert set(server.psql(amounts, address).splitlines()) == {"t"}


def test_what_somebody_changed_in_the_database_is_made_anew(
    county: BuiltCounty, server: Server, database: str
) -> None:
    address = server.address(database=database)
    publish_home(county.home, address)
    for change in (
        "alter table district.fct_arrears disable row level security",
        "alter table county.build_info no force row level security",
        "create policy open on district.fct_collection for select using (true)",
        "grant select on district.dim_household to public",
        "alter view district_metrics.district_cts_month reset (security_invoker)",
        "alter table district.fct_cts_month add column note text",
        "drop view county_metrics.district_cts_month",
    ):
        server.psql(change, address)
    # No view reads one of the tables: metrics are over `measures`, and `build_info` has none.
    assert publish_home(county.home, address).made_anew == 7
    assert publish_home(county.home, address).made_anew == 0
    open_now = (
        "select count(*) from pg_class where relkind = 'r' and relnamespace::regnamespace::text"
    )
    open_now += " in ('district', 'county') and not (relrowsecurity and relforcerowsecurity)"
    assert server.psql(open_now, address) == "0"
    assert server.psql("select count(*) from pg_policy where polname = 'open'", address) == "0"


def test_a_view_that_somebody_made_goes_on_working(
    county: BuiltCounty, server: Server, database: str
) -> None:
    address = server.address(database=database)
    publish_home(county.home, address)
    server.psql(
        "create schema mine; create view mine.stages with (security_invoker) as"
        " select recovery_stage, count(*) as accounts from district.fct_arrears group by 1",
        address,
    )
    before = server.psql("select sum(accounts) from mine.stages", address)
    publish_home(county.home, address)
    assert server.psql("select sum(accounts) from mine.stages", address) == before
    # Where its table has to be made anew, it stands in the way, and is not dropped in silence.
    server.psql("alter table district.fct_arrears add column note text", address)
    with pytest.raises(PublishError, match="drop that first"):
        publish_home(county.home, address)
    assert server.psql("select sum(accounts) from mine.stages", address) == before


def test_whoever_may_make_roles_and_schemas_may_publish_and_need_not_be_superuser(
    county: BuiltCounty, server: Server, database: str
) -> None:
    server.psql(
        f"create role publisher login createrole password '{PASSWORD}';"
        f" grant create on database {database} to publisher"
    )
    try:
        address = server.address("publisher", PASSWORD, database)
        first = publish_home(county.home, address)
        assert publish_home(county.home, address).rows == first.rows
        with psycopg.connect(server.address(database=database)) as connection:
            connection.execute("set role lsi_ashford")
            seen = connection.execute("select distinct district_code from district.fct_arrears")
            assert seen.fetchall() == [("E07000105",)]
            connection.execute("set role lsi_owner")
            count = "select count(*) from district.fct_arrears"
            assert connection.execute(count).fetchone() == (0,)
    finally:
        forget_user(server, database, "publisher")


def test_an_older_server_serves_as_well(county: BuiltCounty) -> None:
    with running(version=16) as old:
        publish_home(county.home, old.address())
        assert publish_home(county.home, old.address()).made_anew == 0
        sql = "set role lsi_ashford; select distinct district_code from district.fct_arrears"
        assert old.psql(sql) == "E07000105"


# What is refused.


def test_the_command_says_what_it_did_and_never_the_password(
    county: BuiltCounty, server: Server, database: str
) -> None:
    server.psql(f"create role boss login superuser password '{PASSWORD}'")
    done = lsi_publish(county.home, "--to", server.address("boss", PASSWORD, database))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert PASSWORD not in done.stdout
    shown = f"postgresql://boss@127.0.0.1:{server.port}/{database}: build "
    assert done.stdout.startswith(shown)
    by_environment = f"postgresql://boss@127.0.0.1:{server.port}/{database}"
    again = lsi_publish(county.home, "--to", by_environment, "--quiet", PGPASSWORD=PASSWORD)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    server.psql("drop role boss")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://ann:{}@127.0.0.1:1/lsi", "cannot be reached"),
        ("postgresql://ann:{}@no-such-host.invalid/lsi", "cannot be reached"),
        ("postgresql://ann:{}@127.0.0.1", "names no database"),
        ("mysql://ann:{}@127.0.0.1/lsi", "begins with mysql://"),
        ("postgresql://ann:{}@127.0.0.1:port/lsi", "cannot be read"),
        ("postgresql://127.0.0.1:1/lsi?user=ann&password={}", "cannot be reached"),
    ],
)
def test_an_address_that_leads_nowhere(county: BuiltCounty, address: str, said: str) -> None:
    line = refused(county.home, "--to", address.format(PASSWORD))
    assert said in line


def test_a_wrong_password_and_a_database_that_is_not_there(
    county: BuiltCounty, server: Server
) -> None:
    wrong = refused(county.home, "--to", server.address(password=PASSWORD))
    assert "password authentication failed" in wrong
    missing = refused(county.home, "--to", server.address(database="nowhere"))
    assert 'database "nowhere" does not exist' in missing
    assert server.password not in missing


def test_nothing_is_built_yet(tmp_path: Path, server: Server, database: str) -> None:
    line = refused(Home(tmp_path), "--to", server.address(database=database))
    assert line == "lsi: nothing is built yet, so nothing can be published; run `lsi build` first"
    assert schemas(server, database) == ""


def test_a_role_that_does_not_exist_and_may_not_be_made(
    county: BuiltCounty, server: Server, database: str
) -> None:
    server.psql(f"create role plain login password '{PASSWORD}'")
    try:
        line = refused(county.home, "--to", server.address("plain", PASSWORD, database))
        assert "role lsi_owner, lsi_county, lsi_ashford" in line
        assert "let its administrator run: create role lsi_owner nologin; create role" in line
        slugs = [one.slug.replace("-", "_") for one in load_configuration(county.home).districts]
        for name in ("owner", "county", *slugs):
            server.psql(f"create role lsi_{name} nologin")
        line = refused(county.home, "--to", server.address("plain", PASSWORD, database))
        assert "plain may not act as it" in line and "run: grant lsi_owner to plain" in line
        server.psql("grant lsi_owner to plain")
        line = refused(county.home, "--to", server.address("plain", PASSWORD, database))
        assert f"permission denied for database {database}" in line
        assert "administrator" in line and schemas(server, database) == ""
        server.psql(f"grant create on database {database} to plain")
        assert (
            lsi_publish(county.home, "--to", server.address("plain", PASSWORD, database)).stderr
            == ""
        )
    finally:
        forget_user(server, database, "plain")


def forget_user(server: Server, database: str, user: str) -> None:
    """Drop a user with the database that it published to, and give an empty one in its place."""
    server.psql(f"drop database {database} with (force)")
    server.psql(f"create database {database}")
    for role in server.psql("select rolname from pg_roles where rolname like 'lsi_%'").split():
        server.psql(f"drop role {role}")
    server.psql(f"drop role {user}")


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("create role lsi_ashford login", "role lsi_ashford: found login"),
        ("create role lsi_county superuser", "role lsi_county: found superuser"),
        ("create role lsi_owner bypassrls", "role lsi_owner: found bypassrls"),
        (
            "create role lsi_dover; create role lsi_ashford in role lsi_dover",
            "role lsi_ashford: found it a member of lsi_dover",
        ),
        (
            "create role lsi_county in role pg_read_all_data",
            "role lsi_county: found it a member of pg_read_all_data",
        ),
        (
            "create role lsi_owner; create role lsi_swale in role lsi_owner",
            "role lsi_swale: found it a member of lsi_owner",
        ),
    ],
)
def test_a_role_that_would_see_more(
    county: BuiltCounty, server: Server, database: str, before: str, said: str
) -> None:
    server.psql(before)
    line = refused(county.home, "--to", server.address(database=database))
    assert said in line and "let the database's administrator run: " in line
    assert schemas(server, database) == ""


def test_a_schema_of_somebody_elses(county: BuiltCounty, server: Server, database: str) -> None:
    server.psql("create schema county", server.address(database=database))
    line = refused(county.home, "--to", server.address(database=database))
    assert "schema county: found it owned by postgres, expected lsi_owner" in line
    assert schemas(server, database) == "county"


def test_a_default_that_would_let_others_in(
    county: BuiltCounty, server: Server, database: str
) -> None:
    server.psql("create role lsi_owner; create role nosy")
    server.psql(
        "alter default privileges for role lsi_owner grant select on tables to nosy",
        server.address(database=database),
    )
    try:
        line = refused(county.home, "--to", server.address(database=database))
        assert "nosy would have the right to select it" in line
        assert schemas(server, database) == ""
    finally:
        server.psql(
            "drop owned by nosy; drop owned by lsi_owner", server.address(database=database)
        )
        server.psql("drop role nosy")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("districts: {paris: lsi_paris}", "found 'paris', expected the slug of a district"),
        ("districts: {dover: lsi_ashford}", "the role lsi_ashford stands for two"),
        ("owner: pg_owner", "PostgreSQL keeps for itself"),
        ("county: 'Robert; drop table'", "county:"),
        ("recent_months: 0", "recent_months:"),
        ("readers: [all]", "readers:"),
    ],
)
def test_a_configuration_that_cannot_be(tmp_path: Path, text: str, said: str) -> None:
    home = Home(tmp_path)
    home.config.mkdir()
    shipped = default_file("bi_access.yml").read_text(encoding="utf-8")
    key = text.partition(":")[0]
    kept = "\n".join(line for line in shipped.splitlines() if not line.startswith(f"{key}:"))
    (home.config / "bi_access.yml").write_text(f"{kept}\n{text}\n")
    line = refused(home, "--to", "postgresql://127.0.0.1:1/lsi")
    assert "bi_access.yml: " in line and said in line


def test_a_second_publish_at_the_same_time_is_refused(
    county: BuiltCounty, server: Server, database: str
) -> None:
    with psycopg.connect(server.address(database=database)) as connection:
        connection.execute("select pg_advisory_xact_lock(hashtext('openlsi publish'))")
        line = refused(county.home, "--to", server.address(database=database))
        assert "another publish is running" in line
    assert lsi_publish(county.home, "--to", server.address(database=database)).returncode == 0


def test_rows_that_do_not_arrive_whole_are_refused(
    county: BuiltCounty, server: Server, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pounds are held against the warehouse before the commit; a penny lost is enough."""
    from openlsi.bi.postgres import reading_ahead

    address = server.address(database=database)
    sent = reading_ahead._rows_to_send

    def a_penny_short(table):  # type: ignore[no-untyped-def]
        sql = sent(table)
        if table.name != "fct_arrears":
            return sql
        return sql.replace(
            '"overdue_gbp"', 'cast("overdue_gbp" * 0.99 as decimal(18,2)) as overdue_gbp'
        )

    monkeypatch.setattr(reading_ahead, "_rows_to_send", a_penny_short)
    with pytest.raises(PublishError, match=r"district\.fct_arrears: overdue_gbp adds up to"):
        publish_home(county.home, address)

    def a_row_short(table):  # type: ignore[no-untyped-def]
        return f"{sent(table)} limit 100" if table.name == "dim_household" else sent(table)

    monkeypatch.setattr(reading_ahead, "_rows_to_send", a_row_short)
    with pytest.raises(PublishError, match=r"the warehouse has \d+ rows, the copy 100"):
        publish_home(county.home, address)
    assert schemas(server, database) == ""
