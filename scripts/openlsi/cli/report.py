"""`lsi report`: render an Evidence project to a static site."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from openlsi.home import Home


def report(
    project: Annotated[
        Path | None,
        typer.Option(
            help="Folder of an Evidence project: pages/, queries/, sources/"
            " \\[default: this county's reports/, on the current build]."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the site \\[default: LSI_HOME/site].")
    ] = None,
    database: Annotated[
        Path | None, typer.Option(help="DuckDB file to read instead of the one the source names.")
    ] = None,
    build_id: Annotated[
        str | None, typer.Option(help="Build to name at the foot of every page.")
    ] = None,
    cache: Annotated[
        Path | None,
        typer.Option(
            help="Folder of drawn charts and kept pages \\[default: LSI_HOME/cache/charts]."
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Read and lint the pages only; write nothing.")
    ] = False,
    pdf: Annotated[
        Path | None,
        typer.Option(help="Also print pages to this PDF: a committee pack. Needs Chromium."),
    ] = None,
    pages: Annotated[
        list[str] | None,
        typer.Option(
            help="Page of the pack by its address, `index` for the front page; with * and ?, and"
            " as often as wanted, in the pack's order \\[default: all pages but dbt/]."
        ),
    ] = None,
    title: Annotated[str, typer.Option(help="Title on the pack's cover.")] = "Report pack",
    step_seconds: Annotated[
        float, typer.Option(help="Longest time that one query or expression may take.", min=1)
    ] = 60.0,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")] = False,
) -> None:
    """Render the pages of a project to static HTML; a failed render leaves the old site alone."""
    # Imported late: the engines take a moment, and other commands need neither.
    from openlsi.report.child import render_in_child
    from openlsi.report.errors import ReportError
    from openlsi.report.site import Request, check_project
    from openlsi.warehouse.build import dbt_manifest, published_database
    from openlsi.warehouse.project import project_directory

    home = Home.from_environment()
    if pages and pdf is None:
        raise ReportError("--pages chooses the pages of a pack; add --pdf FILE")
    if pdf is not None:
        from openlsi.report.pack.binding import check_pack, make_pack

        check_pack(pdf)
    manifest = None
    if project is None and database is None and not check:
        database = published_database(home)
        manifest = dbt_manifest(database)
    folder = project or project_directory() / "reports"
    if check:
        readable = len(check_project(folder.resolve()).pages)
        if not quiet:
            print(f"{readable} pages are readable and their SQL keeps the rules")
        return
    place = out or home.site
    outcome = render_in_child(
        Request(
            folder,
            place,
            database,
            cache or home.cache / "charts",
            build_id,
            manifest,
        ),
        step_seconds,
    )
    for warning in outcome.warnings:
        print(f"lsi: {warning}", file=sys.stderr)
    if not quiet:
        print(
            f"{outcome.pages} pages ({outcome.pages_taken} unchanged), "
            f"{outcome.charts} drawings ({outcome.charts_drawn} new), "
            f"{outcome.files} files: {place / 'index.html'}"
        )
    if pdf is not None and outcome.imprint is not None:
        sheets = make_pack(place, outcome.addresses, outcome.imprint, pdf, pages or (), title)
        if not quiet:
            print(f"{sheets} sheets: {pdf}")


def register(app: typer.Typer) -> None:
    """Add the command to `lsi`."""
    app.command("report")(report)
