"""`lsi publish`: marts and published tables for BI tools and analysts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from openlsi.home import Home

if TYPE_CHECKING:
    from openlsi.bi.relations import Readers
    from openlsi.config import Configuration
    from openlsi.config.bi_access import BiAccess


def publish(
    to: Annotated[
        str,
        typer.Option(
            help="postgresql://USER@HOST:PORT/DATABASE, or a file that ends in .duckdb. A password"
            " is better kept in PGPASSWORD or ~/.pgpass than in the address.",
        ),
    ],
    district: Annotated[
        str | None,
        typer.Option(
            help="Whose file it is, by slug or ONS code \\[default: the county's]; for a file only."
        ),
    ] = None,
    months: Annotated[
        int | None,
        typer.Option(
            help="Latest months of marts with a row a household \\[default: recent_months of"
            " bi_access.yml]; 0 for all of them.",
            min=0,
        ),
    ] = None,
    superset: Annotated[
        Path | None,
        typer.Option(
            help="Write a bundle for Apache Superset (a ZIP: datasets with their words, and a"
            " dashboard) for the database of --to, and publish nothing."
        ),
    ] = None,
    readers: Annotated[
        Literal["districts", "county"],
        typer.Option(help="Whose views the bundle is over."),
    ] = "districts",
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")] = False,
) -> None:
    """Publish the current build for BI tools; readers see the old one until all of it is there."""
    from openlsi.bi.address import is_address
    from openlsi.bi.errors import PublishError
    from openlsi.config import load_configuration
    from openlsi.config.bi_access import load_bi_access

    home = Home.from_environment()
    configuration = load_configuration(home)
    access = load_bi_access(home, configuration)
    kept = access.recent_months if months is None else months or None
    if district is not None and is_address(to):
        raise PublishError("--district is of a file; a database holds every district's rows")
    if superset is not None:
        said = _bundle(home, access, to, superset, readers)
    elif is_address(to):
        said = _to_database(home, access, configuration, to, kept)
    else:
        said = _to_file(home, access, configuration, Path(to), kept, district)
    if not quiet:
        print(said)


# Imported late throughout: driver and engines take a moment, and other commands need neither.


def _to_database(
    home: Home, access: BiAccess, configuration: Configuration, to: str, months: int | None
) -> str:
    from openlsi.bi.address import read_address
    from openlsi.bi.contents import opened
    from openlsi.bi.postgres.publishing import publish as publish_to_postgres
    from openlsi.bi.postgres.roles import Roles

    address = read_address(to)
    with opened(home, access, months) as generation:
        done = publish_to_postgres(generation, address, Roles.of(access, configuration))
    anew = f" ({done.made_anew} of them made anew)" if done.made_anew else ""
    return (
        f"{address.shown}: build {done.build_id}, {done.tables} tables and {done.views}"
        f" views{anew}, {done.rows:,} rows, {done.seconds:.1f} s"
    )


def _to_file(
    home: Home,
    access: BiAccess,
    configuration: Configuration,
    path: Path,
    months: int | None,
    district: str | None,
) -> str:
    from openlsi.bi.contents import opened
    from openlsi.bi.duckdb_file import SUFFIX, write_file
    from openlsi.bi.errors import PublishError

    if path.suffix != SUFFIX:
        raise PublishError(
            f"--to {path}: expected postgresql://USER@HOST:PORT/DATABASE or a file that ends in"
            f" {SUFFIX}"
        )
    one = configuration.district(district) if district else None
    if district and one not in configuration.districts:
        slugs = ", ".join(each.slug for each in configuration.districts)
        raise PublishError(f"--district {district}: no such district; expected one of {slugs}")
    with opened(home, access, months) as generation:
        done = write_file(generation, path, one.code if one else None)
    return (
        f"{path}: build {done.build_id}, {done.tables} tables and {done.views} views,"
        f" {done.rows:,} rows, {done.seconds:.1f} s"
    )


def _bundle(home: Home, access: BiAccess, to: str, path: Path, readers: Readers) -> str:
    from openlsi.bi.address import read_address
    from openlsi.bi.contents import opened
    from openlsi.bi.superset import write_bundle

    shown = read_address(to).shown
    with opened(home, access, None) as generation:
        datasets = write_bundle(generation.contents(), shown, readers, path)
    return f"{path}: {datasets} datasets and a dashboard over {shown}"


def register(app: typer.Typer) -> None:
    """Add the command to `lsi`."""
    app.command("publish")(publish)
