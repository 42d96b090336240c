"""What one month more costs, against a full run, and whether both come to the same.

`make bench-increment`: a made-up county of all feeds. A full run (load, link, build) of every
month; then a home that lacks the last month gets it, and one that lacks a month in the middle gets
that. Each must end with the content of the full run, table by table. CPU seconds are user and
system time of all processes.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

from bench_cost import Cost, measured
from openlsi.home import Home
from openlsi.identity.keys import create_master_key
from openlsi.synthesis.county import synthesise
from openlsi.synthesis.plan import Plan
from openlsi.warehouse.building import PUBLISHED, SECURE
from openlsi.warehouse.content import content_hashes

TARGET = 0.25
STEPS = ("load", "link", "build")
SAID_ONCE = {"published.build_info"}  # its one row names the build
TODAY = "2026-11-15"


def run(root: Path) -> dict[str, Cost]:
    """Load, link and build what lies in a home's inbox; return the cost of each step."""
    command = [sys.executable, "-c", "from openlsi.cli import main; main()"]
    more = {"link": ["--quiet"], "build": ["--today", TODAY, "--quiet"], "load": ["--quiet"]}
    return {step: measured([*command, step, *more[step]], root) for step in STEPS}


def hashes(root: Path) -> dict[str, str]:
    """Return one hash a table of the current generation."""
    home, found = Home(root), {}
    for name, schemas in ((SECURE, ("marts", "metrics")), (PUBLISHED, ("published",))):
        with duckdb.connect(str((home.current / name).resolve()), read_only=True) as con:
            for schema in schemas:
                found |= {f"{schema}.{k}": v for k, v in content_hashes(con, schema).items()}
    return {table: value for table, value in found.items() if table not in SAID_ONCE}


def of_month(home: Home, month: str) -> list[Path]:
    """Return the districts' files of one month, `yyyymm`."""
    marks = (month, f"{month[:4]}-{month[4:]}")
    return [
        path
        for path in sorted(home.inbox.glob("*/*"))
        if path.parent.name not in ("official", "reference")
        and any(mark in path.name for mark in marks)
    ]


def without_then_with(sent: Path, root: Path, month: str) -> dict[str, Cost]:
    """Run a copy of a home without a month's files, then with them; return the later costs."""
    shutil.copytree(sent, root)
    files, aside = of_month(Home(root), month), root / "aside"
    if not files:
        raise SystemExit(f"no file of {month}")
    for path in files:
        target = aside / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    run(root)
    for path in sorted(aside.glob("*/*")):
        path.rename(root / "inbox" / path.parent.name / path.name)
    return run(root)


def total(costs: dict[str, Cost]) -> float:
    """Return the CPU seconds of all steps."""
    return sum(cost.cpu_seconds for cost in costs.values())


def told(what: str, costs: dict[str, Cost], full: dict[str, Cost]) -> str:
    """Return one line: what it cost, by step, and its share of the full run."""
    steps = ", ".join(f"{step} {cost.cpu_seconds:.1f}" for step, cost in costs.items())
    peak = max(cost.peak_mb for cost in costs.values())
    share = total(costs) / total(full)
    return (
        f"{what}: {total(costs):.1f} CPU s ({steps}), peak {peak:,} MB; {share:.0%} of the full run"
        f" (target {TARGET:.0%})"
    )


def main() -> None:
    """Make the county, measure, compare, and print one line a figure; 1 where contents differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--scale", type=float, default=0.25)
    arguments = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="bench-increment-"))
    try:
        sent, full = root / "sent", root / "full"
        plan = Plan(arguments.months, "2026-10", sample=0.05, seed=2, scale=arguments.scale)
        synthesise(Home(sent), plan)
        create_master_key(sent / "keys" / "master.key", is_demo=True)
        shutil.copytree(sent, full)
        whole = run(full)
        print(told(f"{arguments.months} months", whole, whole), flush=True)
        expected, differing = hashes(full), 0
        middle = plan.extract_months[arguments.months // 2].first.strftime("%Y%m")
        for what, month in (("one new month", "202610"), ("one late month", middle)):
            home = root / month
            print(told(f"{what} ({month})", without_then_with(sent, home, month), whole))
            found = hashes(home)
            other = sorted(name for name in expected if found.get(name) != expected[name])
            differing += len(other)
            print(
                f"  {len(expected)} tables:"
                f" {'all equal' if not other else 'differing: ' + ', '.join(other)}",
                flush=True,
            )
            shutil.rmtree(home)
    finally:
        shutil.rmtree(root)
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
