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

from bench_cost import LSI, Cost, measured
from months_apart import put_back, take_out
from openlsi.home import Home
from openlsi.identity.keys import create_master_key
from openlsi.synthesis.county import synthesise
from openlsi.synthesis.plan import Plan
from small_counties import let_editions_out
from tables_held import tables_held

TARGET = 0.25
STEPS = ("load", "link", "build")
TODAY = "2026-11-15"


def run(root: Path) -> dict[str, Cost]:
    """Load, link and build what lies in a home's inbox; return the cost of each step."""
    more = {"link": ["--quiet"], "build": ["--today", TODAY, "--quiet"], "load": ["--quiet"]}
    return {step: measured([*LSI, step, *more[step]], root) for step in STEPS}


def without_then_with(sent: Path, root: Path, month: str) -> dict[str, Cost]:
    """Run a copy of a home without a month's files, then with them; return the later costs."""
    shutil.copytree(sent, root)
    home, aside = Home(root), root / "aside"
    take_out(home, month, aside)
    run(root)
    put_back(home, aside)
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
    parser.add_argument("--scale", type=float, default=1.0, help="of the demo's county")
    arguments = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="bench-increment-"))
    try:
        sent, full = root / "sent", root / "full"
        plan = Plan(arguments.months, "2026-10", sample=0.05, seed=2, scale=arguments.scale)
        synthesise(Home(sent), plan)
        let_editions_out(Home(sent))
        create_master_key(sent / "keys" / "master.key", is_demo=True)
        shutil.copytree(sent, full)
        whole = run(full)
        print(told(f"{arguments.months} months", whole, whole), flush=True)
        expected, differing = tables_held(Home(full)), 0
        middle = plan.extract_months[arguments.months // 2].first.strftime("%Y%m")
        for what, month in (("one new month", "202610"), ("one late month", middle)):
            home = root / month
            print(told(f"{what} ({month})", without_then_with(sent, home, month), whole))
            found = tables_held(Home(home))
            other = sorted(
                name for name in expected | found if found.get(name) != expected.get(name)
            )
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
