"""Kill `lsi run` at every named point, run it again, and hold the end against an undisturbed run.

`make torture`: a county of two districts has two months loaded, built and rendered; the third
arrives, and the run over it is ended (SIGKILL to the whole group of processes) at one point after
another, each at least three times, two hundred times in all; a point that a run reaches a hundred
times is killed at more often than one that it reaches once. Meanwhile a reader opens what is
published again and again: every table it sees must be of one build. Afterwards the run is started
again and must end as if nothing had happened: ledger, landing, vault, every table, every page.

A kill starts where its part of the run does: with the month in the inbox, landed, or built.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from openlsi.extract.chain import Ledger
from openlsi.failpoints import LOG, WANTED
from openlsi.home import Home
from publication_reader import reading
from small_counties import let_editions_out
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
    """Run `lsi load`, `lsi build` or `lsi run` over a home."""
    arguments = ["load"] if command == "load" else [command, "--today", TODAY]
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


@dataclass(frozen=True)
class Stage:
    """Where a kill starts: a home that is copied, what is run over it, and how that must end."""

    home: Path
    command: str
    end: End


@dataclass(frozen=True)
class Sample:
    """A third month in the inbox, landed, and built; which point a run reaches how often."""

    arrived: Stage
    landed: Stage
    built: Stage
    points: Counter[str]

    def stage_of(self, point: str) -> Stage:
        """Return the last stage from which a run still reaches a point."""
        if point.startswith(("landing.", "ledger.")):
            return self.arrived
        return self.built if point.startswith("site.") else self.landed


def make_sample(root: Path) -> Sample:
    """Make the county, two months of it done and a third in the inbox, and the undisturbed end."""
    arrived, third = root / "arrived", root / "third"
    made = lsi(arrived, "synthesise", "--scale", "0.01", "--months", "3", "--districts", DISTRICTS,
               "--quiet")  # fmt: skip
    _must(made)
    let_editions_out(Home(arrived))
    for path in sorted((arrived / "inbox").glob("*/*")):
        if "202610" in path.name or "2026-10" in path.name:
            target = third / path.parent.name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
    _must(run(arrived, "run"))
    shutil.copytree(third, arrived / "inbox", dirs_exist_ok=True)
    log = root / "points"
    undisturbed = copied(arrived, root / "undisturbed")
    _must(run(undisturbed, "load", **{LOG: str(log)}))
    end_of_load, landed = end_of(undisturbed), copied(undisturbed, root / "landed")
    _must(run(undisturbed, "build", **{LOG: str(log)}))
    built = copied(undisturbed, root / "built")
    _must(run(undisturbed, "run", **{LOG: str(log)}))
    end = end_of(undisturbed)
    return Sample(
        Stage(arrived, "load", end_of_load),
        Stage(landed, "run", end),
        Stage(built, "run", end),
        Counter(log.read_text(encoding="ascii").split()),
    )


def copied(source: Path, target: Path) -> Path:
    """Copy a home, the pointer as a pointer."""
    shutil.copytree(source, target, symlinks=True)
    return target


def _must(ran: subprocess.CompletedProcess[str]) -> None:
    if ran.returncode != 0:
        raise SystemExit(f"{' '.join(ran.args[-6:])} ended with {ran.returncode}: {ran.stderr}")


def kills(points: Counter[str], least: int, in_all: int) -> list[tuple[str, int]]:
    """Return at which points to kill, and at which time that each is reached.

    `least` a point, and the others in proportion to how often it is reached beyond that, spread
    over the run. Every point comes once before any comes again.
    """
    often = {point: max(0, count - least) for point, count in sorted(points.items())}
    beyond = often if any(often.values()) else dict(sorted(points.items()))
    others, reached, given = max(0, in_all - least * len(points)), 0, 0
    chosen = []
    for point, weight in beyond.items():
        reached += weight
        due = others * reached // sum(beyond.values())
        share, given = least + due - given, due
        times = min(points[point], share)
        spread = [1 + (points[point] - 1) * place // max(1, times - 1) for place in range(times)]
        # A point that is reached less often than it is to be killed at is killed at again.
        chosen += [(place, point, spread[place % times]) for place in range(share)]
    return [(point, number) for _, point, number in sorted(chosen)]


def survive(sample: Sample, point: str, number: int, folder: Path) -> list[str]:
    """Kill one run at a point and run again; return everything that is not as it should be."""
    stage = sample.stage_of(point)
    home = copied(stage.home, folder)
    with reading(Home(home)) as wrong:
        killed = run(home, stage.command, **{WANTED: f"{point}:{number}"})
        again = run(home, stage.command)
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
            if getattr(end, name) != getattr(stage.end, name)
        ]
    shutil.rmtree(home)
    return faults


def main() -> None:
    """Kill at every point, print where the kills landed, and end with 1 if one was not survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="in all, at least three a point")
    parser.add_argument("--jobs", type=int, default=2, help="kills at a time")
    arguments = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="torture-"))
    failed, landed = 0, Counter[str]()
    try:
        sample = make_sample(root)
        chosen = kills(sample.points, 3, arguments.kills)
        # The reader and the comparison are work as well: each kill has a process of its own.
        spawned = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(arguments.jobs, spawned) as pool:
            asked = {
                pool.submit(survive, sample, *kill, root / f"killed-{place}"): kill
                for place, kill in enumerate(chosen)
            }
            for done in as_completed(asked):
                point, number = asked[done]
                faults = done.result()
                landed[point] += 1
                failed += bool(faults)
                told = "; ".join(faults) or "survived"
                print(f"{landed.total()}/{len(chosen)} {point}, time {number}: {told}", flush=True)
        print("where the kills landed:")
        for point, count in sorted(landed.items()):
            print(f"  {point:32} {count:3} of {sample.points[point]} times reached")
        print(f"{landed.total()} kills, {failed} not survived")
    finally:
        shutil.rmtree(root)
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
