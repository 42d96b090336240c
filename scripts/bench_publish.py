"""Publish two million rows to a PostgreSQL and say what it cost beside COPY of the same bytes.

`make bench-publish`: a made-up home with one large mart and the others empty would not be a build,
so the rows are those of the current build (`LSI_HOME`, the demo by default), as many months of them
as come to two million. CPU seconds are those of the publishing process and of the server together;
the floor is psql's COPY FROM of the same rows as CSV into tables without policies, and it comes in
the same run.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from bench_cost import LSI, Cost, measured
from openlsi.bi.contents import Generation, opened
from openlsi.bi.postgres.shape import columns_of
from openlsi.bi.relations import Table, quoted
from openlsi.config import load_configuration
from openlsi.config.bi_access import load_bi_access
from openlsi.home import Home
from postgres_server import Server, running

WANTED_ROWS = 2_000_000


def rows_of(generation: Generation, table: Table) -> int:
    """Return how many rows of a table are published."""
    where = f" where {table.where}" if table.where else ""
    row = generation.con.execute(f"select count(*) from {table.source}{where}").fetchone()
    return int(row[0]) if row else 0


def months_for(home: Home, wanted: int) -> tuple[int, int]:
    """Return the fewest months with as many rows as wanted (all, if need be), and their rows."""
    access = load_bi_access(home, load_configuration(home))
    rows = 0
    for months in range(1, 121):
        with opened(home, access, months) as generation:
            found = sum(rows_of(generation, one) for one in generation.contents().tables)
        if found >= wanted or found == rows:
            return months, found
        rows = found
    return months, rows


def cpu_of_server(server: Server) -> float:
    """Return the CPU seconds of the server's processes, those that have ended included."""
    ticks = 0
    postmaster = int((server.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if int(stat.parent.name) == postmaster:
            ticks += sum(int(one) for one in fields[11:15])
        elif int(fields[1]) == postmaster:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def floor(server: Server, home: Home, months: int) -> tuple[float, float]:
    """Return wall and CPU seconds of psql's COPY of the same rows, written as CSV beforehand."""
    access = load_bi_access(home, load_configuration(home))
    server.psql("create database floor")
    address = server.address(database="floor")
    with tempfile.TemporaryDirectory() as folder, opened(home, access, months) as generation:
        script = []
        for number, table in enumerate(generation.contents().tables):
            path = Path(folder) / f"{number}.csv"
            chosen = ", ".join(quoted(one.name) for one in table.columns)
            where = f" where {table.where}" if table.where else ""
            generation.con.execute(
                f"copy (select {chosen} from {table.source}{where}) to '{path}' (header false)"
            )
            server.psql(f"create table t{number} ({columns_of(table)})", address)
            script.append(f"\\copy t{number} from '{path}' csv")
        before, began = cpu_of_server(server), time.monotonic()
        own = os.times()
        server.psql("begin;\n" + "\n".join(script) + "\ncommit;", address)
        after = os.times()
        wall = time.monotonic() - began
        client = after.children_user + after.children_system
        client -= own.children_user + own.children_system
        return wall, cpu_of_server(server) - before + client


def main() -> None:
    """Measure the first publish, the next, and the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=WANTED_ROWS)
    home = Home.from_environment()
    months, rows = months_for(home, parser.parse_args().rows)
    print(f"{rows:,} rows: the latest {months} months of rows of households, all of the others")
    with running() as server:
        command = [*LSI, "publish", "--to", server.address(), "--months", str(months)]
        for name in ("first publish", "next publish", "next publish"):
            before = cpu_of_server(server)
            cost: Cost = measured(command, home.root)
            of_server = cpu_of_server(server) - before
            print(
                f"{name}: {cost.wall_seconds:.1f} s, {cost.cpu_seconds:.1f} CPU s here and"
                f" {of_server:.1f} of the server, {cost.peak_mb} MB here at most,"
                f" {rows / cost.wall_seconds:,.0f} rows a second",
                flush=True,
            )
        wall, cpu = floor(server, home, months)
        print(f"floor, COPY of the same rows from CSV: {wall:.1f} s, {cpu:.1f} CPU s")
        size = server.psql("select pg_size_pretty(pg_database_size('postgres'))")
        print(f"database after three publishes: {size}")


if __name__ == "__main__":
    main()
