"""`lsi edition`: the current build's figures as a file for the public or for one district."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from openlsi.config import load_configuration
from openlsi.home import Home
from openlsi.warehouse.errors import WarehouseError

_EDITIONS = ("public", "county", "district")
_EXACT = "Exact figures of one district, for its own officers: not to publish."


def edition_command(
    edition: Annotated[str, typer.Argument(help="public, county or district.")],
    out: Annotated[Path, typer.Option(help="DuckDB file to write.")],
    district: Annotated[
        str | None,
        typer.Option(help="Whose own figures, by slug or ONS code; only for `district`."),
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(help="Also write a CSV of each table into this new folder.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")] = False,
) -> None:
    """Write the current build as an edition of its own: the public's, or a district's, exact."""
    from openlsi.warehouse.editions import edition_of_current_build

    home = Home.from_environment()
    owner = _owner(home, edition, district)
    _check_places(out, csv)
    with edition_of_current_build(home, edition, owner) as (made, path):
        beside = out.with_name(f".{out.name}.{os.getpid()}")
        tables = csv.with_name(f".{csv.name}.{os.getpid()}") if csv else None
        try:
            shutil.copyfile(path, beside)
            beside.chmod(0o600)
            if tables:
                _write_csv(path, tables)
            beside.replace(out)
            if csv and tables:
                tables.rename(csv)
        finally:
            beside.unlink(missing_ok=True)
            if tables:
                shutil.rmtree(tables, ignore_errors=True)
    if not quiet:
        rows = sum(table.rows for table in made.tables)
        print(f"{edition} edition of build {made.build_id}: {rows:,} rows, {out}")
        if edition == "district":
            print(_EXACT)


def _owner(home: Home, edition: str, district: str | None) -> str | None:
    """Return the ONS code of the district asked for; refuse what does not go together."""
    if edition not in _EDITIONS:
        raise WarehouseError(
            f"{edition}: there is no such edition; there are {', '.join(_EDITIONS)}"
        )
    if edition != "district":
        if district:
            raise WarehouseError(
                f"--district {district}: the {edition} edition is of all districts"
            )
        return None
    if not district:
        raise WarehouseError("the district edition needs --district, by slug or ONS code")
    configuration = load_configuration(home)
    known = {one.slug: one.code for one in configuration.districts}
    found = known.get(district, district if district in known.values() else None)
    if found is None:
        raise WarehouseError(
            f"--district {district}: no such district; there are {', '.join(sorted(known))}"
        )
    return found


def _check_places(out: Path, csv: Path | None) -> None:
    for option, place in (("--out", out), ("--csv", csv)):
        if place and not place.absolute().parent.is_dir():
            raise WarehouseError(f"{option} {place}: there is no folder {place.absolute().parent}")
    if out.is_dir():
        raise WarehouseError(f"--out {out}: is a folder; expected the name of a file")
    if csv and csv.exists():
        raise WarehouseError(f"--csv {csv}: is there already; expected the name of a new folder")


def _write_csv(database: Path, folder: Path) -> None:
    """Write each table that has rows; cells that begin with a formula sign are neutralised."""
    import duckdb

    from openlsi.report.csv_files import to_csv
    from openlsi.report.data import Table, kind_of_type, plain

    folder.mkdir(mode=0o700)
    with duckdb.connect(str(database), read_only=True) as con:
        names = con.execute(
            "select table_name from duckdb_tables() where schema_name = 'published'"
            " and estimated_size > 0 order by table_name"
        ).fetchall()
        for (name,) in names:
            found = con.execute(f'from published."{name}"')
            columns = tuple(str(one[0]) for one in found.description)
            kinds = tuple(kind_of_type(str(one[1])) for one in found.description)
            rows = tuple(
                tuple(plain(value, kind) for value, kind in zip(row, kinds, strict=True))
                for row in found.fetchall()
            )
            path = folder / f"{name}.csv"
            path.write_bytes(to_csv(Table(columns, kinds, rows)))
            path.chmod(0o600)


def register(app: typer.Typer) -> None:
    """Add the command to `lsi`."""
    app.command("edition")(edition_command)
