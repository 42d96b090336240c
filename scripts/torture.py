"""Kill `lsi run` at every named point, run it again, and hold the end against an undisturbed run.

`make torture`: a county of two districts has two months loaded, built and rendered; the third
arrives, and the run over it is ended (SIGKILL to the whole group of processes) at one point after
another, each at least three times, two hundred times in all. Meanwhile a reader opens what is
published again and again: every table it sees must be of one build. Afterwards the run is started
again and must end as if nothing had happened: ledger, landing, vault, every table, every page.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from openlsi.extract.chain import Ledger
from openlsi.failpoints import LOG, WANTED
from openlsi.home import Home
from openlsi.warehouse.building import PUBLISHED
from tables_held import tables_held

TODAY = "2026-11-15"
DISTRICTS = "ashford,dartford"
_BUILD_ID = re.compile(rb"\d{8}T\d{6}-[0-9a-f]{8}|\d{8}T\d{6}Z?|[0-9a-f]{8}(?=[^0-9a-f])")
# What differs between two runs over the same bytes, and only that.
_TIMES_AND_CHAIN = (
    "loaded_at",
    "refused_at",
    "hash",
    "keyed_hash",
    "previous_hash",
    "sequence",
    "linked_at",
)


def lsi(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one command of `lsi` in a group of processes of its own."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", "from openlsi.cli import main; main()", *arguments],
        env={**os.environ, "LSI_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )


def run(home: Path, command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `lsi load` or `lsi run` over a home."""
    arguments = ["load"] if command == "load" else ["run", "--today", TODAY]
    return lsi(home, *arguments, "--quiet", **environment)


@dataclass(frozen=True)
class End:
    """What a run leaves behind, without what two runs over the same bytes may differ in."""

    ledger: list[str]
    landing: dict[str, Any]
    strays: list[str]
    tables: dict[str, str] = field(default_factory=dict)
    pages: dict[str, bytes] = field(default_factory=dict)


def end_of(root: Path) -> End:
    """Return what stands under a home now."""
    home = Home(root)
    entries = [
        repr(sorted((k, v) for k, v in entry.items() if k not in _TIMES_AND_CHAIN))
        for entry in Ledger.read(home).entries
    ]
    landing = {
        str(path.relative_to(home.landing)): duckdb.sql(
            f"select * from read_parquet('{path}', hive_partitioning = false) order by all"
        ).fetchall()
        for path in sorted(home.landing.rglob("*.parquet"))
    }
    named = {entry["extract_id"] for entry in Ledger.read(home).accepted()}
    strays = [
        path.name
        for folder in (home.landing, home.quarantine, home.vault, home.links, home.generations)
        for path in folder.rglob("*")
        if "unfinished" in path.name
        or ".building" in path.name
        or (path.suffix in (".seg", ".parquet") and path.stem[:1] == "x" and path.stem not in named)
    ]
    # Each run's own build is named in the foot of every page.
    pages = {
        str(path.relative_to(home.site)): _BUILD_ID.sub(b"", path.read_bytes())
        for path in sorted(home.site.rglob("*.html"))
    }
    return End(sorted(entries), landing, strays, tables_held(home), pages)


@contextmanager
def reading(root: Path) -> Iterator[list[str]]:
    """Open what is published again and again; yields what was wrong, which must stay empty."""
    wrong: list[str] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.02):
            wrong.extend(mixed_builds(Home(root)))

    reader = threading.Thread(target=look)
    reader.start()
    try:
        yield wrong
    finally:
        done.set()
        reader.join()


def mixed_builds(home: Home) -> list[str]:
    """Return the tables of the current generation that are not of its build."""
    folder = home.current.resolve()
    wrong = []
    with duckdb.connect(str(folder / PUBLISHED), read_only=True) as con:
        tables = con.execute(
            "select table_name from duckdb_tables() where schema_name = 'published'"
        ).fetchall()
        for (table,) in tables:
            seen = con.execute(
                f'select min(build_id), max(build_id) from published."{table}"'
            ).fetchone()
            if seen and seen[0] is not None and set(seen) != {folder.name}:
                wrong.append(f"{table}: {seen} in {folder.name}")
    return wrong


@dataclass(frozen=True)
class Sample:
    """A home before the third month, and one with it loaded; what reaches which point how often."""

    before: Path
    loaded: Path
    end: End
    end_of_load: End
    points: Counter[str]


def make_sample(root: Path) -> Sample:
    """Make the county, two months of it done and a third in the inbox, and the undisturbed end."""
    before, third = root / "before", root / "third"
    made = lsi(before, "synthesise", "--scale", "0.01", "--months", "3", "--districts", DISTRICTS,
               "--quiet")  # fmt: skip
    _must(made)
    for path in sorted((before / "inbox").glob("*/*")):
        if "202610" in path.name or "2026-10" in path.name:
            target = third / path.parent.name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
    _must(run(before, "run"))
    shutil.copytree(third, before / "inbox", dirs_exist_ok=True)
    log = root / "points"
    undisturbed = copied(before, root / "undisturbed")
    _must(run(undisturbed, "load", **{LOG: str(log)}))
    end_of_load = end_of(undisturbed)
    loaded = copied(undisturbed, root / "loaded")
    _must(run(undisturbed, "run", **{LOG: str(log)}))
    points = Counter(log.read_text(encoding="ascii").split())
    return Sample(before, loaded, end_of(undisturbed), end_of_load, points)


def copied(source: Path, target: Path) -> Path:
    """Copy a home, the pointer as a pointer."""
    shutil.copytree(source, target, symlinks=True)
    return target


def _must(ran: subprocess.CompletedProcess[str]) -> None:
    if ran.returncode != 0:
        raise SystemExit(f"{' '.join(ran.args[-6:])} ended with {ran.returncode}: {ran.stderr}")


def is_of_load(point: str) -> bool:
    """Return whether a point is reached by loading, so that the load alone need be run."""
    return point.startswith(("landing.", "ledger."))


def kills(points: Counter[str], least: int, in_all: int) -> list[tuple[str, int]]:
    """Return at which points to kill, and at which time that it is reached; spread over the run."""
    chosen = []
    share = max(least, -(-in_all // max(1, len(points))))
    for point, count in sorted(points.items()):
        times = min(count, share)
        spread = sorted({1 + (count - 1) * place // max(1, times - 1) for place in range(times)})
        # A point that is reached less often than it is to be killed at is killed at again.
        chosen += [(point, spread[place % len(spread)]) for place in range(share)]
    return chosen


def survive(sample: Sample, point: str, number: int, folder: Path) -> list[str]:
    """Kill one run at a point and run again; return everything that is not as it should be."""
    command = "load" if is_of_load(point) else "run"
    home = copied(sample.before if command == "load" else sample.loaded, folder)
    expected = sample.end_of_load if command == "load" else sample.end
    with reading(home) as wrong:
        killed = run(home, command, **{WANTED: f"{point}:{number}"})
        again = run(home, command)
    faults = list(dict.fromkeys(wrong))
    if killed.returncode != -9:
        faults.append(f"was not killed: code {killed.returncode}")
    if again.returncode != 0:
        faults.append(f"did not recover: {again.stderr.strip()}")
    else:
        end = end_of(home)
        faults += [
            f"{name} differs from the undisturbed run"
            for name in ("ledger", "landing", "strays", "tables", "pages")
            if getattr(end, name) != getattr(expected, name)
        ]
    shutil.rmtree(home)
    return faults


def main() -> None:
    """Kill at every point, print where the kills landed, and end with 1 if one was not survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="in all, at least three a point")
    arguments = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="torture-"))
    failed = 0
    try:
        sample = make_sample(root)
        chosen = kills(sample.points, 3, arguments.kills)
        landed: Counter[str] = Counter()
        for place, (point, number) in enumerate(chosen, 1):
            faults = survive(sample, point, number, root / "killed")
            landed[point] += 1
            failed += bool(faults)
            told = "survived" if not faults else "; ".join(faults)
            print(f"{place}/{len(chosen)} {point}, time {number}: {told}", flush=True)
        print("where the kills landed:")
        for point, count in sorted(landed.items()):
            print(f"  {point:32} {count:3} of {sample.points[point]} times reached")
        print(f"{sum(landed.values())} kills, {failed} not survived")
    finally:
        shutil.rmtree(root)
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
