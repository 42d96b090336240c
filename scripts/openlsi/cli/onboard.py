"""`lsi onboard`: a layout for a file that nobody has seen before."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from openlsi.extract.patterns import parse_month
from openlsi.extract.refusals import ExtractError
from openlsi.home import Home


def onboard(
    file: Annotated[Path, typer.Argument(help="The extract, anywhere on this machine.")],
    district: Annotated[str, typer.Option(help="Who sent it, by slug or ONS code.")],
    feed: Annotated[str, typer.Option(help="What it is: cts, council_tax, rent, …")],
    layout: Annotated[
        str | None, typer.Option(help="The layout's name; DISTRICT_FEED if not given.")
    ] = None,
    month: Annotated[str | None, typer.Option(help="Its month, as 2026-10.")] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write the layout; name it in districts.yml when whole.")
    ] = False,
) -> None:
    """Propose a layout for an unknown file, and show what a load would make of it. Lands nothing.

    Names of columns, shapes, counts and codes are shown, never a value that may identify anybody.
    """
    from openlsi.extract.onboarding.onboard import onboard as onboard_file
    from openlsi.extract.onboarding.report import report_lines

    found = onboard_file(
        Home.from_environment(), file, district, feed, _name(layout), _month(month), write
    )
    for line in report_lines(found):
        print(line)


def _name(layout: str | None) -> str | None:
    if layout is not None and not layout.replace("_", "").replace("-", "").isalnum():
        raise ExtractError("--layout: expected letters, digits and underscores, as swale_cts")
    return layout


def _month(text: str | None) -> date | None:
    month = parse_month(text) if text is not None else None
    if text is not None and month is None:
        raise ExtractError(f"--month {text}: not a month; write it as 2026-10")
    return month


def register(app: typer.Typer) -> None:
    """Add the command of this area to `lsi`."""
    app.command()(onboard)
