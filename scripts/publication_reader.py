"""A reader that opens what is published again and again, and tells what it should never see."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from openlsi.home import Home
from openlsi.warehouse.building import PUBLISHED


@contextmanager
def reading(home: Home) -> Iterator[list[str]]:
    """Open what is published again and again; yields what was wrong, which must stay empty.

    Within 20 ms of every move of the pointer and every touch of its file, and twice a second
    besides: a look is work, and is to leave the machine to the run.
    """
    wrong: list[str] = []
    done = threading.Event()

    def look() -> None:
        seen: object = None
        looked = 0.0
        while not done.wait(0.02):
            try:
                touched = (home.current / PUBLISHED).stat()
                now = (home.current.readlink(), touched.st_mtime_ns, touched.st_size)
                if now != seen or time.monotonic() - looked > 0.5:
                    seen, looked = now, time.monotonic()
                    wrong.extend(mixed_builds(home))
            except (OSError, duckdb.Error) as error:
                wrong.append(f"a reader met {error!r}")

    reader = threading.Thread(target=look)
    reader.start()
    try:
        yield wrong
    finally:
        done.set()
        reader.join()


def mixed_builds(home: Home) -> list[str]:
    """Return the tables of the current generation that are not of its build."""
    folder = home.current.resolve()
    with duckdb.connect(str(folder / PUBLISHED), read_only=True) as con:
        tables = con.execute(
            "select table_name from duckdb_tables() where schema_name = 'published'"
        ).fetchall()
        # One statement: the reader is to look often, and to leave the machine to the run.
        seen = con.execute(
            " union all ".join(
                f"select '{table}', min(build_id), max(build_id) from published.\"{table}\""
                for (table,) in tables
            )
        ).fetchall()
    return [
        f"{table}: {builds} in {folder.name}"
        for table, *builds in seen
        if builds[0] is not None and set(builds) != {folder.name}
    ]
