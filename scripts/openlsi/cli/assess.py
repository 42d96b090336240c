"""`lsi assess`: households of a file through the warehouse's rules of entitlement."""

from __future__ import annotations

import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from openlsi.assess.errors import AssessError
from openlsi.home import Home


class Format(StrEnum):
    """How the figures are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def assess(
    file: Annotated[
        Path | None, typer.Argument(help="Households as JSON; --explain lists the fields.")
    ] = None,
    years: Annotated[
        str | None, typer.Option(help="Such as 2025-26,2026-27; the last with rates if not given.")
    ] = None,
    written: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.TABLE,
    explain: Annotated[
        bool, typer.Option("--explain", help="Fields, assumptions, and what is not modelled.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="In a table, the working of what comes to nothing, too.")
    ] = False,
    example: Annotated[
        bool, typer.Option("--example", help="Print two made-up households to begin with.")
    ] = False,
    today: Annotated[
        str | None, typer.Option(help="As 2026-11-15: no birth date may lie after it.")
    ] = None,
) -> None:
    """Say what each household is entitled to, and how that is worked out.

    The rules are the SQL of the warehouse itself. A household that is impossible is named on
    standard error with its reason; the others are assessed, and the command then ends with 1.
    """
    from openlsi.assess.explain import EXAMPLE, explanation
    from openlsi.warehouse.project import project_directory

    project = project_directory()
    if explain or example:
        print(explanation(project) if explain else EXAMPLE)
        return
    if file is None:
        raise AssessError(
            "which file? lsi assess FILE; `lsi assess --example` prints one to begin with"
        )
    _assess(project, file, years, written, every, today)


def _assess(
    project: Path, file: Path, years: str | None, written: Format, every: bool, day: str | None
) -> None:
    from openlsi.assess.assess import assess as assess_file
    from openlsi.assess.written import as_csv, as_json, as_text

    home = Home.from_environment()
    assessment = assess_file(project, home, file, years, _day(day))
    if written is Format.JSON:
        print(as_json(assessment))
    elif written is Format.CSV:
        print(as_csv(assessment), end="")
    else:
        print(as_text(assessment, every))
    for name, reason in assessment.refused.items():
        print(f"lsi: {file}: household {name}: not assessed: {reason}", file=sys.stderr)
    if assessment.refused:
        raise typer.Exit(1)


def _day(text: str | None) -> date:
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise AssessError(f"--today {text}: not a date; write it as 2026-11-15") from error


def register(app: typer.Typer) -> None:
    """Add the command of this area to `lsi`."""
    app.command()(assess)
