"""Who reads while a publish runs, is killed or loses its server: all of the old or of the new."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
import pytest
from built_county import BuiltCounty
from published_county import publish_home

from openlsi.failpoints import LOG, WANTED
from openlsi.home import Home
from openlsi.warehouse.building import PUBLISHED, SECURE
from postgres_server import Server, running, started

LSI = [sys.executable, "-c", "from openlsi.cli import main; main()"]
NEXT = "20990101T000000-00000000"
# A table of each kind, small and large, first and last in a publish's order.
LOOKED_AT = (
    "district.bridge_account_household", "district.fct_arrears", "district.fct_entitlements",
    "district.time_spine_day", "measures.district_cts_month", "measures.ward_month",
    "county.authorities", "county.ward_living_standards_month",
)  # fmt: skip
READERS = 20


@pytest.fixture(scope="module")
def next_build(county: BuiltCounty, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose current build is the county's under another name, in every row."""
    home = Home(tmp_path_factory.mktemp("next"))
    folder = home.generations / NEXT
    shutil.copytree(county.home.current.resolve(), folder)
    home.current.symlink_to(Path("generations") / NEXT)
    facts = json.loads((folder / "build.json").read_text())
    (folder / "build.json").write_text(json.dumps(facts | {"build_id": NEXT}))
    for file, schemas in ((SECURE, ("marts", "metrics")), (PUBLISHED, ("published",))):
        with duckdb.connect(str(folder / file)) as con:
            tables = con.execute(
                "select schema_name, table_name from duckdb_columns() where column_name ="
                " 'build_id'"
                " and list_contains($schemas, schema_name)",
                {"schemas": list(schemas)},
            ).fetchall()
            for schema, table in tables:
                con.execute(f'update {schema}."{table}" set build_id = $id', {"id": NEXT})
    return home


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running({"max_connections": "60"}) as one:
        yield one


@pytest.fixture(autouse=True)
def old_build_is_there(county: BuiltCounty, server: Server) -> None:
    publish_home(county.home, server.address())


def builds_seen(server: Server) -> dict[str, set[str]]:
    """Return the builds that the rows of every table are of, as the superuser reads them."""
    tables = server.psql(
        "select table_schema || '.' || table_name from information_schema.columns where"
        " column_name = 'build_id' and table_schema in ('district', 'measures', 'county')"
        " and table_name in (select relname from pg_class where relkind = 'r')"
    ).splitlines()
    assert len(tables) > 150
    union = " union all ".join(f"select '{one}' as t, build_id from {one}" for one in tables)
    seen: dict[str, set[str]] = {}
    for line in server.psql(f"select distinct t, build_id from ({union}) as x").splitlines():
        table, build = line.split("|")
        seen.setdefault(table, set()).add(build)
    return seen


def all_is_of(server: Server, build: str) -> bool:
    seen = builds_seen(server)
    newest = server.psql("select build_id from lsi.publication order by published_at desc limit 1")
    return newest == build and set().union(*seen.values()) == {build}


class Reader(threading.Thread):
    """Reads until it is told to stop; keeps which builds it saw, and what it should never see."""

    def __init__(self, server: Server, number: int, stop: threading.Event) -> None:
        super().__init__()
        self.server, self.number, self.stop = server, number, stop
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []

    def run(self) -> None:
        ways = itertools.cycle([self.one_statement, self.one_transaction])
        for _ in range(self.number % 2):
            next(ways)
        try:
            # Every other reader connects each time, as a tool without a pool does.
            if self.number % 4 < 2:
                with psycopg.connect(self.server.address()) as connection:
                    while not self.stop.is_set():
                        self.look(next(ways)(connection))
            while not self.stop.is_set():
                with psycopg.connect(self.server.address()) as connection:
                    self.look(next(ways)(connection))
        except psycopg.Error as error:
            self.wrong.append(f"reader {self.number} met {error!r}")

    def one_statement(self, connection: psycopg.Connection) -> list[tuple[str, str, int]]:
        union = " union all ".join(
            f"select min(build_id), max(build_id), count(*) from {one}" for one in LOOKED_AT
        )
        rows = connection.execute(union).fetchall()
        connection.commit()
        return rows

    def one_transaction(self, connection: psycopg.Connection) -> list[tuple[str, str, int]]:
        """A report of several statements, whose snapshot is from before its first table."""
        connection.execute("set transaction isolation level repeatable read")
        connection.execute("select version()")
        rows = []
        for one in LOOKED_AT:
            asked = f"select min(build_id), max(build_id), count(*) from {one}"
            rows += connection.execute(asked).fetchall()
            time.sleep(0.01)
        connection.commit()
        return rows

    def look(self, rows: list[tuple[str, str, int]]) -> None:
        builds = {build for first, last, _ in rows for build in (first, last)}
        if len(builds) != 1 or not all(count for *_, count in rows):
            self.wrong.append(f"reader {self.number} saw {rows}")
        self.seen[str(builds.pop())] += 1


def test_twenty_readers_see_the_old_or_the_new_and_never_a_mix(
    county: BuiltCounty, next_build: Home, server: Server
) -> None:
    stop = threading.Event()
    readers = [Reader(server, number, stop) for number in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        for home in (next_build, county.home, next_build):
            publish_home(home, server.address())
            time.sleep(0.5)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert [line for reader in readers for line in reader.wrong] == []
    seen = sum((reader.seen for reader in readers), Counter())
    assert len(seen) == 2 and min(seen.values()) > READERS, seen
    assert all_is_of(server, NEXT)


def test_who_reads_for_long_holds_nobody_up_and_goes_on_seeing_the_old(
    county: BuiltCounty, next_build: Home, server: Server
) -> None:
    old = county.home.current.resolve().name
    with psycopg.connect(server.address()) as reader:
        reader.execute("set transaction isolation level repeatable read")
        assert reader.execute("select min(build_id) from county.build_info").fetchall() == [(old,)]
        publish_home(next_build, server.address())
        for table in LOOKED_AT:
            assert reader.execute(f"select distinct build_id from {table}").fetchall() == [(old,)]
    assert all_is_of(server, NEXT)


def test_a_publish_that_would_wait_for_a_reader_says_so_and_leaves_the_old(
    county: BuiltCounty, server: Server
) -> None:
    """Only a table whose columns have changed has to be made anew, which a reader can hold up."""
    server.psql("alter table county.build_info add column note text")
    with psycopg.connect(server.address()) as reader:
        reader.execute("select count(*) from county.build_info")
        done = subprocess.run(
            [*LSI, "publish", "--to", server.address()],
            capture_output=True,
            text=True,
            env=os.environ | {"LSI_HOME": str(county.home.root)},
            check=False,
        )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "somebody holds a table whose columns have changed" in line
    assert all_is_of(server, county.home.current.resolve().name)


POINTS = (
    ("publish.table_copied", 60),
    ("publish.table_replaced", 100),
    ("publish.before_commit", 1),
    ("publish.after_commit", 1),
)


@pytest.mark.parametrize(("point", "number"), POINTS)
def test_a_publish_that_is_killed_leaves_the_old_or_the_new(
    county: BuiltCounty, next_build: Home, server: Server, point: str, number: int
) -> None:
    done = subprocess.run(
        [*LSI, "publish", "--to", server.address()],
        env=os.environ | {"LSI_HOME": str(next_build.root), WANTED: f"{point}:{number}"},
        start_new_session=True,
        check=False,
        capture_output=True,
    )
    assert done.returncode == -signal.SIGKILL
    old = county.home.current.resolve().name
    assert all_is_of(server, NEXT if point == "publish.after_commit" else old)
    for _ in range(100):
        # The server notices that nobody is there when it next writes to them.
        if (
            server.psql("select count(*) from pg_stat_activity where application_name ~ '^lsi'")
            == "0"
        ):
            break
        time.sleep(0.1)
    publish_home(next_build, server.address())
    assert all_is_of(server, NEXT)


@pytest.mark.parametrize(("point", "number"), POINTS[:2])
def test_a_server_that_drops_half_way_gives_one_plain_line_and_keeps_the_old(
    county: BuiltCounty, next_build: Home, server: Server, tmp_path: Path, point: str, number: int
) -> None:
    log = tmp_path / "points"
    log.touch()
    child = subprocess.Popen(
        [*LSI, "publish", "--to", server.address()],
        env=os.environ | {"LSI_HOME": str(next_build.root), LOG: str(log)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while log.read_text().count(point) < number:
        assert child.poll() is None, child.communicate()
        time.sleep(0.005)
    server.stop()
    out, err = child.communicate(timeout=60)
    started(server, {"max_connections": "60"})
    assert (child.returncode, out) == (1, "")
    (line,) = err.splitlines()
    assert "the server dropped the connection" in line
    assert server.password not in line
    assert all_is_of(server, county.home.current.resolve().name)
