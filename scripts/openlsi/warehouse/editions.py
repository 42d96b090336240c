"""An edition of the current build for other readers than the county: a file of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from openlsi.disclosure import PublishedTable, publish
from openlsi.disclosure.releasing import record_release
from openlsi.disclosure.wording import literal
from openlsi.failpoints import reach
from openlsi.home import Home
from openlsi.warehouse.building import SECURE, lay_publication
from openlsi.warehouse.errors import WarehouseError
from openlsi.warehouse.generations import building_folder, current_build
from openlsi.warehouse.opening import open_build

# What disclosure control reads: aggregates, and the seeds that say which places make up another.
_READ = ("metrics", "seeds")


@dataclass(frozen=True)
class Edition:
    """An edition that was written: the build that it is of, and its tables."""

    build_id: str
    tables: tuple[PublishedTable, ...]


@contextmanager
def edition_of_current_build(
    home: Home, edition: str, owner: str | None = None
) -> Iterator[tuple[Edition, Path]]:
    """Make an edition of the build that readers open; yield it with its file, until the end.

    `owner` is the ONS code of the district that the district edition is for. The file is its
    owner's alone and is in a folder that goes away: whoever asks moves it. The public's and the
    county's are held against what was published before, and recorded. Raises WarehouseError where
    nothing is built, DisclosureError as `publish` does.
    """
    build = current_build(home)
    if build is None:
        raise WarehouseError("nothing is built yet; run `lsi build` first")
    secure = home.current.resolve() / SECURE
    if not os.access(secure, os.R_OK):
        raise WarehouseError(f"{secure} cannot be read: an edition is made by whoever builds")
    # Exact aggregates are in it on the way: it stays inside the home.
    folder = building_folder(home, f"edition-{os.getpid()}")
    try:
        con = open_build(folder / SECURE, folder)
        try:
            _take_over(con, secure)
            tables = publish(
                con,
                home=home,
                edition=edition,
                build_id=build.build_id,
                today=build.today,
                owner=owner,
            )
            path = folder / "edition.duckdb"
            lay_publication(con, path)
        finally:
            con.close()
        path.chmod(0o600)
        record_release(home, path, build.build_id, edition)
        reach("edition.recorded")
        yield Edition(build.build_id, tuple(tables)), path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _take_over(con: duckdb.DuckDBPyConnection, secure: Path) -> None:
    con.execute(f"attach {literal(str(secure))} as built (read_only)")
    for schema in _READ:
        con.execute(f"create schema {schema}")
        tables = con.execute(
            "select table_name from duckdb_tables()"
            " where database_name = 'built' and schema_name = $schema order by table_name",
            {"schema": schema},
        ).fetchall()
        for (table,) in tables:
            con.execute(f'create table {schema}."{table}" as from built.{schema}."{table}"')
    con.execute("detach built")
