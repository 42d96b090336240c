"""`lsi publish`: marts and published tables for BI tools and analysts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openlsi.home import Home


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
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")] = False,
) -> None:
    """Publish the current build for BI tools; readers see the old one until all of it is there."""
    # Imported late: the driver and the engines take a moment, and other commands need neither.
    from openlsi.bi.address import is_address
    from openlsi.bi.contents import opened
    from openlsi.bi.errors import PublishError
    from openlsi.config import load_configuration
    from openlsi.config.bi_access import load_bi_access

    home = Home.from_environment()
    configuration = load_configuration(home)
    access = load_bi_access(home, configuration)
    kept = access.recent_months if months is None else months or None
    if is_address(to):
        if district is not None:
            raise PublishError("--district is of a file; a database holds every district's rows")
        from openlsi.bi.address import read_address
        from openlsi.bi.postgres.publishing import publish as publish_to_postgres
        from openlsi.bi.postgres.roles import Roles

        address = read_address(to)
        with opened(home, access, kept) as generation:
            done = publish_to_postgres(generation, address, Roles.of(access, configuration))
        where, anew = address.shown, f", {done.made_anew} of them made anew" * bool(done.made_anew)
        told = f"{done.tables} tables and {done.views} views{anew}"
    else:
        from openlsi.bi.duckdb_file import SUFFIX, write_file

        path = Path(to)
        if path.suffix != SUFFIX:
            raise PublishError(
                f"--to {to}: expected postgresql://USER@HOST:PORT/DATABASE or a file that ends in"
                f" {SUFFIX}"
            )
        one = configuration.district(district) if district else None
        if district and one not in configuration.districts:
            slugs = ", ".join(each.slug for each in configuration.districts)
            raise PublishError(f"--district {district}: no such district; expected one of {slugs}")
        with opened(home, access, kept) as generation:
            written = write_file(generation, path, one.code if one else None)
        where, told = str(path), f"{written.tables} tables and {written.views} views"
        done = written
    if not quiet:
        print(f"{where}: build {done.build_id}, {told}, {done.rows:,} rows, {done.seconds:.1f} s")


def register(app: typer.Typer) -> None:
    """Add the command to `lsi`."""
    app.command("publish")(publish)
