"""`lsi synthesise`: made-up extracts of the demo county."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from openlsi.home import Home
from openlsi.synthesis.county import Made, synthesise
from openlsi.synthesis.plan import Plan

DEMO = Plan(months=27, until="2026-10", sample=0.05, seed=20261031)


def synthesise_command(
    months: Annotated[int, typer.Option(help="How many monthly extracts")] = DEMO.months,
    until: Annotated[str, typer.Option(help="The last month, as 2026-10")] = DEMO.until,
    sample: Annotated[
        float, typer.Option(help="Share of dwellings without CTS; CTS households are all made")
    ] = DEMO.sample,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes")] = DEMO.seed,
    districts: Annotated[str, typer.Option(help="Only these, by slug, with commas between")] = "",
    scale: Annotated[float, typer.Option(help="Shrink the whole county, for tests")] = 1.0,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing")] = False,
) -> None:
    """Write made-up district extracts into the inbox, and the truth about them beside it."""
    plan = Plan(months=months, until=until, sample=sample, seed=seed, scale=scale)
    slugs = [slug.strip() for slug in districts.split(",") if slug.strip()]
    make_demo(Home.from_environment(), plan, slugs, quiet=quiet)


def make_demo(
    home: Home, plan: Plan = DEMO, slugs: Sequence[str] = (), *, quiet: bool = False
) -> None:
    """Write the extracts and the truth, show progress, and say how near they come."""
    console = Console(quiet=quiet)
    started = time.monotonic()
    with Progress(console=console, disable=quiet or not console.is_terminal) as progress:
        task = progress.add_task("Making extracts", total=None)

        def done(made: Made) -> None:
            progress.update(task, advance=1, description=f"Made {made.slug}")

        made = synthesise(home, plan, slugs, progress=done)
    console.print(_closeness(made))
    size = sum(one.size for one in made) / 1e6
    console.print(
        f"{sum(one.files for one in made)} files, {size:,.0f} MB, in {home.inbox} "
        f"({time.monotonic() - started:.0f} s). Every person and account in them is made up.\n"
        "Target: Council Taxbase 2022 (MHCLG) scaled by Band D. No Band D is held for 2024-25 and "
        "2025-26: those are interpolated."
    )


def _closeness(made: list[Made]) -> Table:
    """Return how far the last month compared is off, by district."""
    year = _of_month(made[0])[0]["financial_year"]
    table = Table(
        title=f"Made against published CTS forgone, {year}",
        box=SIMPLE_HEAD, padding=0, pad_edge=False,
    )  # fmt: skip
    table.add_column("District", no_wrap=True)
    for heading in ("Target\n£m", "Made\n£m", "% off", "Pens.\n% off", "Working\n% off",
                    "Claims", "On UC", "UC, all\n(DWP)"):  # fmt: skip
        table.add_column(heading, justify="right", no_wrap=True)
    for one in made:
        table.add_row(one.slug, *_cells(_of_month(one)))
    table.add_section()
    table.add_row("all", *_cells([row for one in made for row in _of_month(one)]), style="bold")
    return table


def farthest_off(made: Sequence[Made]) -> str:
    """Return how near the made-up support comes to the published, over all months compared."""
    rows = [row for one in made for row in one.calibration]
    target, total = (sum(row[name] for row in rows) for name in ("target_gbp", "made_gbp"))
    worst = max(abs(row["off_pct"]) for row in rows)
    return (
        f"{(total / target - 1) * 100:+.2f}% off the published CTS;"
        f" no district's age group is more than {worst:.1f}% off"
    )


def _of_month(made: Made) -> list[dict[str, Any]]:
    month = max(row["month"] for row in made.calibration)
    return [row for row in made.calibration if row["month"] == month]


def _cells(rows: list[dict[str, Any]]) -> list[str]:
    def off(group: str) -> str:
        own = [row for row in rows if group in ("", row["age_group"])]
        target = sum(row["target_gbp"] for row in own)
        return f"{(sum(row['made_gbp'] for row in own) / target - 1) * 100:+.2f}"

    working = [row for row in rows if row["age_group"] == "working"]
    claims = max(1, sum(row["claim_count"] for row in working))
    return [
        f"{sum(row['target_gbp'] for row in rows) / 1e8:.2f}",
        f"{sum(row['made_gbp'] for row in rows) / 1e8:.2f}",
        off(""),
        off("pension"),
        off("working"),
        f"{sum(row['claim_count'] for row in rows):,}",
        f"{sum(row['on_uc_count'] for row in working) / claims:.0%}",
        f"{sum(row['uc_households_published'] for row in working):,}",
    ]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("synthesise")(synthesise_command)
