"""The data of a project: DuckDB files named by its sources, read only, each query run once."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml

from openlsi.report.data import Table, kind_of_type, plain
from openlsi.report.errors import Place, ReportError, nearest

VARIABLE = re.compile(r"\$\{(\w+)\}")
ERROR_LINE = re.compile(r"\bLINE (\d+):")
MEMORY_LIMIT = "1GB"


@dataclass(frozen=True)
class SourceTable:
    """A table that pages know as `<source>.<name>`, and the SQL that makes it."""

    source: str
    name: str
    sql: str
    place: Place


class Database:
    """A private DuckDB that holds what the sources' SQL yields; made only when a page asks."""

    def __init__(self, root: Path, override: Path | None = None, scratch: Path | None = None):
        self._connection = duckdb.connect(":memory:")
        self._connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        # Published tables are small: threads that wait for each other take longer than one.
        self._connection.execute("set threads = 1")
        if scratch:
            self._connection.execute("set temp_directory = ?", [str(scratch)])
            self._connection.execute("set max_temp_directory_size = '4GB'")
        self.tables: dict[str, SourceTable] = {}
        self._made: set[str] = set()
        self.asked: dict[str, tuple[str, Place]] = {}
        """The queries asked since this was last cleared, with their names and places."""
        self._results: dict[str, Table] = {}
        self._digests: dict[str, str] = {}
        folders = sorted(p.parent for p in (root / "sources").glob("*/connection.yaml"))
        if override and len(folders) > 1:
            raise ReportError("--database replaces one source's file, but this project has several")
        for folder in folders:
            self._attach(folder, root, override)
        # From here on SQL can reach nothing but what is attached.
        self._connection.execute("set enable_external_access = false")
        self._connection.execute("set lock_configuration = true")

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()

    def _attach(self, folder: Path, root: Path, override: Path | None) -> None:
        place = Place((folder / "connection.yaml").relative_to(root).as_posix(), 1)
        settings = yaml.safe_load((folder / "connection.yaml").read_text(encoding="utf-8")) or {}
        if settings.get("type") != "duckdb":
            raise ReportError(
                f"source type {settings.get('type')!r} is not supported; use duckdb", place
            )
        name = str(settings.get("name") or folder.name)
        filename = (settings.get("options") or {}).get("filename")
        if not filename:
            raise ReportError("options.filename is missing", place)
        path = override or (folder / str(filename))
        if not path.is_file():
            raise ReportError(
                f"there is no DuckDB file {path}; build it, or name --database", place
            )
        attached = str(path.resolve()).replace("'", "''")
        try:
            self._connection.execute(
                f"attach '{attached}' as {_quoted('file_' + name)} (read_only)"
            )
        except duckdb.Error as error:
            raise ReportError(f"cannot open {path}: {_first_line(error)}", place) from error
        self._connection.execute(f"create schema if not exists memory.{_quoted(name)}")
        for file in sorted(folder.glob("*.sql")):
            sql = VARIABLE.sub(
                lambda found: os.environ.get(f"EVIDENCE_VAR__{found.group(1)}", ""),
                file.read_text(encoding="utf-8"),
            )
            place = Place(file.relative_to(root).as_posix(), 1)
            self.tables[f"{name}.{file.stem}"] = SourceTable(name, file.stem, sql, place)

    def query(self, sql: str, name: str, place: Place) -> Table:
        """Run a query, or return what the same text gave before."""
        self.asked[sql] = (name, place)
        if sql not in self._results:
            for table in self.tables.values():
                if table.name in sql and re.search(rf"\b{re.escape(table.name)}\b", sql):
                    self._make(table)
            self._results[sql] = self._run(sql, name, place)
        return self._results[sql]

    def digest(self, sql: str, name: str, place: Place) -> str:
        """Run a query and return the hash of its columns and rows."""
        if sql not in self._digests:
            table = self.query(sql, name, place)
            text = repr((table.columns, table.kinds, table.rows))
            self._digests[sql] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return self._digests[sql]

    def _make(self, table: SourceTable) -> None:
        key = f"{table.source}.{table.name}"
        if key in self._made:
            return
        target = f"memory.{_quoted(table.source)}.{_quoted(table.name)}"
        try:
            self._connection.execute(f"use {_quoted('file_' + table.source)}")
            self._connection.execute(f"create table {target} as {table.sql.strip().rstrip(';')}")
        except duckdb.Error as error:
            raise ReportError(f"source {key}: {_first_line(error)}", table.place) from error
        finally:
            self._connection.execute("use memory")
        self._made.add(key)

    def _run(self, sql: str, name: str, place: Place) -> Table:
        try:
            # As a subquery it can be nothing but one SELECT.
            relation = self._connection.execute(f"select * from (\n{sql}\n)")
            columns = tuple(str(item[0]) for item in relation.description or ())
            kinds = tuple(kind_of_type(str(item[1])) for item in relation.description or ())
            rows = tuple(_plain_row(row, kinds) for row in relation.fetchall())
        except duckdb.Error as error:
            raise self._explain(error, name, place) from error
        repeated = {column for column in columns if columns.count(column) > 1}
        if repeated:
            raise ReportError(f"query {name!r} yields {min(repeated)!r} twice", place)
        return Table(columns, kinds, rows, name).without_hidden()

    def _explain(self, error: duckdb.Error, name: str, place: Place) -> ReportError:
        text = str(error)
        found = ERROR_LINE.search(text)
        line = place.line + (int(found.group(1)) - 2 if found else 0)
        message = f"query {name!r} failed: {_first_line(error)}"
        missing = re.search(r"Table with name (\S+) does not exist", text)
        if missing:
            known = [key.split(".", 1)[1] for key in self.tables]
            message = f"query {name!r}: there is no table {missing.group(1)!r}"
            message += nearest(missing.group(1), known)
        return ReportError(message, Place(place.file, max(line, place.line)))


def _plain_row(row: tuple[Any, ...], kinds: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(plain(value, kind) for value, kind in zip(row, kinds, strict=True))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _first_line(error: duckdb.Error) -> str:
    return str(error).strip().splitlines()[0]
