"""Look up single households for their pages, and build a pack of thousands, on a county's build.

`make bench-packs` reads the current build (`LSI_HOME`, the demo by default) and writes nothing. It
looks up all that a household's page tells, one household at a time and drawn by chance, then the
same out of the marts as plain DuckDB does it, and one mart alone: the floor. Then it puts a pack of
thousands of households together, named from the vault and sealed to a key made for it, in memory.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pyrage

from openlsi.campaigns.fields import campaign_fields
from openlsi.config import load_configuration
from openlsi.config.pack_recipients import Recipient, load_pack_recipients
from openlsi.errors import LsiError
from openlsi.home import Home
from openlsi.packs.building import County, Order, sealed_pack
from openlsi.packs.facts import drill_down, household
from openlsi.packs.selection import asked
from openlsi.warehouse.project import project_directory

MOST_MS = 50
# What a page tells, in the marts that hold it by household.
MARTS = (
    "fct_household_position", "fct_household_gaps", "dim_household", "fct_household_circumstances",
    "fct_entitlements", "fct_benefit_spend", "fct_uc_awards", "fct_uc_deductions",
    "fct_household_incomes", "fct_living_standards", "fct_living_standards_spells",
    "fct_household_debts", "bridge_account_household", "fct_discretionary_awards",
    "fct_free_school_meals", "fct_campaign_awards",
)  # fmt: skip
_DRAWN = """
    select district_code, household_key from household where position is not null
    order by district_code, household_key
"""


@dataclass(frozen=True)
class Times:
    """Milliseconds of each of some lookups, in order of size, and their CPU seconds together."""

    wall: list[float]
    cpu: float

    def share(self, ratio: float) -> float:
        """Return the time within which this share of the lookups were done."""
        return self.wall[min(len(self.wall) - 1, int(len(self.wall) * ratio))]

    def __str__(self) -> str:
        return (
            f"p50 {self.share(0.5):.1f} ms, p95 {self.share(0.95):.1f} ms, max {self.wall[-1]:.1f}"
            f" ms, {self.cpu * 1000 / len(self.wall):.1f} CPU ms each, of {len(self.wall)}"
        )


def timed(keys: Sequence[tuple[str, str]], look_up: Callable[[str, str], object]) -> Times:
    """Look up each household, one after another, and return what it took."""
    wall, began = [], time.process_time()
    for code, key in keys:
        start = time.perf_counter()
        assert look_up(code, key) is not None
        wall.append((time.perf_counter() - start) * 1000)
    return Times(sorted(wall), time.process_time() - began)


def from_marts(
    con: duckdb.DuckDBPyConnection, marts: Sequence[str]
) -> Callable[[str, str], object]:
    """Return the look-up of a household's rows in marts, as plain DuckDB does it."""

    def look_up(code: str, key: str) -> object:
        return [
            con.execute(
                f"select * from marts.{mart} where household_key = $key", {"key": key}
            ).fetchall()
            for mart in marts
        ]

    return look_up


def bench_lookups(home: Home, count: int, seed: int) -> bool:
    """Print what the lookups of one household take; return whether they meet the budget."""
    with drill_down(home) as con:
        everybody = con.execute(_DRAWN).fetchall()
        drawn = random.Random(seed).sample(everybody, min(count, len(everybody)))  # noqa: S311
        found = timed(drawn, lambda code, key: household(con, code, key))
    with duckdb.connect(str(home.current / "secure.duckdb"), read_only=True) as con:
        con.execute("set enable_progress_bar = false")
        floor = timed(drawn, from_marts(con, MARTS[:1]))
        plain = timed(drawn[:40], from_marts(con, MARTS))
    print(f"{len(everybody):,} households of the build, {len(drawn)} drawn with seed {seed}")
    print(f"a page's facts in one read: {found}")
    print(f"floor, one row of one mart: {floor}")
    print(f"the same facts out of {len(MARTS)} marts: {plain}")
    return found.share(0.95) <= MOST_MS


def bench_pack(home: Home, slug: str) -> None:
    """Print what a pack of every household of a district that has a benefit takes."""
    configuration = load_configuration(home)
    district = configuration.district(slug)
    if district is None:
        raise SystemExit(f"--district {slug}: no such district")
    recipients = load_pack_recipients(home, configuration)
    key = pyrage.x25519.Identity.generate().to_public()
    reader = Recipient(
        name="Bench", role="Bench", key=str(key), purposes=["casework"], until=date.max
    )
    fields = campaign_fields(project_directory())
    request = asked([], ["months_in_shortfall_count at_least 0"], fields)
    county = County(
        home, configuration, recipients.model_copy(update={"most_households": 100_000}), fields, {}
    )
    order = Order(district, request, "casework", "Bench", (reader,), date(2026, 11, 20))
    began, cpu = time.monotonic(), time.process_time()
    manifest, sealed = sealed_pack(county, order)
    wall, cpu = time.monotonic() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"a pack of {manifest.household_count:,} households of {district.name}:"
        f" {len(manifest.files):,} files, {len(sealed) / 1e6:.1f} MB sealed; {cpu:.1f} CPU s,"
        f" {wall:.1f} s, {cpu * 1000 / manifest.household_count:.1f} CPU ms a household, peak"
        f" {peak:,} MB"
    )


def main() -> None:
    """Run both and say whether a page's facts come within the budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=400)
    parser.add_argument("--district", default="ashford")
    parser.add_argument("--seed", type=int, default=20261120)
    arguments = parser.parse_args()
    home = Home.from_environment()
    try:
        is_met = bench_lookups(home, arguments.households, arguments.seed)
        bench_pack(home, arguments.district)
    except LsiError as error:
        raise SystemExit(f"{error}") from error
    print(f"p95 is {'within' if is_met else 'ABOVE'} {MOST_MS} ms")


if __name__ == "__main__":
    main()
