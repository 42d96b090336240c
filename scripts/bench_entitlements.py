"""Measure the entitlement rules over a county's households for a month and for a year.

`make bench-entitlements` lays 150,000 made-up households of a realistic mix into a DuckDB file,
runs every rule over them with all its columns written, in a process of its own on two threads, and
has plain DuckDB scan the inputs and write the same columns in another: the floor. Beside the speed
stands how many lines of the worked households the same rules meet.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb

from entitlement_households import lay_out
from openlsi.assess.assess import assess
from openlsi.assess.rules import INPUTS, Rules
from openlsi.home import Home

ROOT = Path(__file__).resolve().parents[1]
WORKED = ROOT / "tests" / "python" / "fixtures" / "assess" / "worked_households.json"
TOLERANCE_GBP = 0.52
# As `profiles.yml` has them for the build, but for the memory.
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "threads": 2,
    "memory_limit": "3500MB",
    "preserve_insertion_order": "false",
}


def main() -> None:
    """Run the bench, or the one part of it that a child process is for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=150_000)
    parser.add_argument("--part", choices=["rules", "floor"])
    parser.add_argument("--file", type=Path)
    asked = parser.parse_args()
    if asked.part:
        with duckdb.connect(str(asked.file), config=_SETTINGS) as connection:
            connection.execute("set enable_progress_bar = false")
            began, cpu = time.monotonic(), time.process_time()
            (_run_rules if asked.part == "rules" else _run_floor)(connection)
            connection.execute("checkpoint")
            print(json.dumps([time.monotonic() - began, time.process_time() - cpu, _peak_mb()]))
        return
    _bench(asked.households)


def _run_rules(connection: duckdb.DuckDBPyConnection) -> None:
    Rules(ROOT).build(connection)


def _run_floor(connection: duckdb.DuckDBPyConnection) -> None:
    """Scan each input whole, and write each table of the rules as it is once more."""
    for name in INPUTS:
        connection.execute(f"select count(*), bit_xor(hash(given)) from {name} as given").fetchall()
    for name in _results(connection):
        connection.execute(f"create table floor_{name} as from {name}")


def _results(connection: duckdb.DuckDBPyConnection) -> list[str]:
    names = connection.execute(
        "select table_name from duckdb_tables() where table_name like 'int_entitlement__%'"
    ).fetchall()
    return sorted(name for (name,) in names)


def _bench(households: int) -> None:
    speed = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for months in (1, 12):
            path = Path(folder) / f"{months}.duckdb"
            with duckdb.connect(str(path)) as connection:
                lay_out(connection, households, months)
                mix = _mix(connection)
            rules = _part("rules", path)
            with duckdb.connect(str(path), read_only=True) as connection:
                columns = sum(len(connection.table(name).columns) for name in _results(connection))
            floor = _part("floor", path)
            speed = households * months / rules[0]
            print(f"{households:,} households x {months} months: {mix}, {columns} columns written")
            for name, (wall, cpu, peak_mb) in (("every rule", rules), ("floor", floor)):
                print(
                    f"  {name:<11}{wall:7.1f} s on the clock {cpu:7.1f} CPU s"
                    f" {households * months / wall:12,.0f} household-months/s"
                    f"  peak {peak_mb:,} MB"
                )
            print(f"  rules over floor: {rules[1] / floor[1]:.2f} times its CPU seconds")
    met, lines = _agreement(Path.cwd())
    print(f"worked households: {met} of {lines} lines within {TOLERANCE_GBP} pounds a year")
    print(f"household_months_per_second: {speed:.0f}")


def _part(part: str, path: Path) -> tuple[float, float, int]:
    """Run one part in a process of its own: seconds on the clock, CPU seconds and peak MB."""
    command = [sys.executable, __file__, "--part", part, "--file", str(path)]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout  # noqa: S603
    wall, cpu, peak_mb = json.loads(said.splitlines()[-1])
    return wall, cpu, peak_mb


def _peak_mb() -> int:
    """Return what the kernel kept count of: to read page tables meanwhile would slow the work."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _mix(connection: duckdb.DuckDBPyConnection) -> str:
    pensioners, earners = connection.execute("""
        select avg(is_of_pension_age::integer) * 100, avg(has_earnings::integer) * 100
        from (
            select
                people.unit_number,
                bool_or(is_of_pension_age) as is_of_pension_age,
                coalesce(bool_or(income_kind in ('employment', 'self_employment')), false)
                as has_earnings
            from int_entitlement_people as people
            left join int_entitlement_incomes using (person_number)
            group by people.unit_number
        )
    """).fetchone() or (0, 0)
    return f"{pensioners:.0f}% of pension age, {earners:.0f}% with earnings"


def _agreement(home: Path) -> tuple[int, int]:
    figures = assess(
        ROOT, Home(home), WORKED, "2024-25,2025-26,2026-27", date(2026, 11, 15)
    ).figures
    off = [
        abs(figures[case["id"]][year][output][owner] - pounds) <= TOLERANCE_GBP
        for case in json.loads(WORKED.read_text("utf-8"))["cases"]
        for year, outputs in case["expected"].items()
        for output, owners in outputs.items()
        for owner, pounds in owners.items()
    ]
    return sum(off), len(off)


if __name__ == "__main__":
    main()
