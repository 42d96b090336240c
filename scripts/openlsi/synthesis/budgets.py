"""Made-up budgets for Council Tax Support, of most districts and not of all."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from openlsi.config import District
from openlsi.config.budgets import COLUMNS, FILE
from openlsi.home import Home
from openlsi.synthesis.plan import Plan, year_label
from openlsi.synthesis.targets import read_targets

SOURCE = "Made up for the demonstration; no council set it"
# One district in six gives none, as some will not: in the demo Canterbury, Folkestone and Hythe.
_EVERY, _GIVES_NONE = 6, 2


def write_budgets(home: Home, plan: Plan, districts: Sequence[District]) -> None:
    """Write `config/cts_budgets.csv`, unless somebody's own file is there.

    A budget is what the published support of 2022-23 comes to at the year's Band D, a few per cent
    off, as budgets are.
    """
    path = home.config / FILE
    if path.exists() and SOURCE not in path.read_text(encoding="utf-8"):
        return
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for district in districts:
        number = int(district.code[1:])
        if number % _EVERY == _GIVES_NONE:
            continue
        targets = read_targets(district.code)
        for year in sorted({month.year for month in plan.extract_months}):
            # From 4% below to 4% above, the same whenever it is made.
            factor = 0.96 + ((number * 7 + year * 5) % 9) / 100
            pounds = [
                round(targets.scaled_forgone(age, year).sum() * plan.scale * factor, -3)
                for age in ("pension", "working")
            ]
            rate = 96.5 + (number * 3 + year) % 5 / 2
            writer.writerow(
                [district.slug, year_label(year), *(f"{one:.0f}" for one in pounds), rate, SOURCE]
            )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
