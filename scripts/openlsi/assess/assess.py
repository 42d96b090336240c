"""From a file of households to figures: the warehouse's rules on one year's circumstances."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openlsi.assess.answered import answered, years_with_rates
from openlsi.assess.outputs import Figures, figures
from openlsi.assess.working import Line, working
from openlsi.assess.years import asked_years
from openlsi.config.schemes import documented, load_schemes
from openlsi.home import Home


@dataclass(frozen=True)
class Assessment:
    """What came of a file."""

    figures: Figures
    working: list[Line]
    # The households that are impossible, each with its reason.
    refused: dict[str, str]


def assess(project: Path, home: Home, path: Path, years: str | None, today: date) -> Assessment:
    """Assess every household of a file in each of the years.

    Raises AssessError when the file or a year cannot be read; a household that is impossible is
    listed with its reason, and the others are assessed.
    """
    asked = asked_years(years, years_with_rates(project))
    schemes = documented(load_schemes(home))
    with answered(project, home, path, asked, today, schemes, is_for_everybody=False) as found:
        if found.connection is None:
            return Assessment({}, [], found.refused)
        return Assessment(figures(found.connection), working(found.connection), found.refused)
