"""What is published of a generation: its marts and metrics by district, its publication whole."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from openlsi.bi.errors import PublishError
from openlsi.bi.relations import (
    COUNTY,
    COUNTY_METRICS,
    DISTRICT,
    DISTRICT_METRICS,
    MEASURES,
    Column,
    Contents,
    Table,
    View,
    literal,
    quoted,
)
from openlsi.bi.words import Words
from openlsi.config.bi_access import BiAccess
from openlsi.config.county import configuration_files
from openlsi.disclosure.reading import load_specs
from openlsi.disclosure.spec import TableSpec
from openlsi.home import Home, private_folder
from openlsi.warehouse.building import PUBLISHED, SECURE
from openlsi.warehouse.generations import read_build
from openlsi.warehouse.lineage import Lineage
from openlsi.warehouse.opening import MEMORY_LIMIT

_OWNER = "district_code"
# Saved queries that are cut by district, and the column that says whose a row is.
_BY_DISTRICT = ("district_", "ward_")
_OWNERS_OF_MEASURES = ("district", "free_school_meals_row__home_district")
# Names that a reader would not know; other columns lose what stands before a double underscore.
_READERS_NAMES = {"metric_time__month": "month", "district": _OWNER, "ward": "ward_key"}
_NOT_FOR_READERS = frozenset({"district__shared_part_key"})
_KEYS = {
    "month": "First day of the month; positions are those of its end.",
    _OWNER: "ONS code of the district.",
    "build_id": "The build that wrote the row; the same on every row of a publish.",
}
# Every table's at once: the catalogue is gone through as a whole whatever is asked of it.
_COLUMNS = """
select database_name, schema_name, table_name, column_name, data_type from duckdb_columns()
where database_name in ('secure', 'publication')
order by database_name, schema_name, table_name, column_index
"""


_SETTINGS = ("set TimeZone = 'UTC'", "set enable_progress_bar = false")


@dataclass(frozen=True)
class Generation:
    """A generation's two files, open to read, and its words.

    The files are attached as `secure` and `publication`; `months` is how many of the latest months
    of a mart with a row a household go out, or None for all.
    """

    con: duckdb.DuckDBPyConnection
    build_id: str
    words: Words
    access: BiAccess
    months: int | None

    def contents(self) -> Contents:
        """Return all tables and views of a publish, in the order of their schemas and names."""
        marts = [self._mart(name) for name in self._tables("secure", "marts")]
        measures = [
            one for name in self._tables("secure", "metrics") if (one := self._measure(name))
        ]
        published = [self._published(name) for name in self._tables("publication", "published")]
        views = [self._metrics_of_district(one) for one in measures]
        views += [view for one in published if (view := self._metrics_of_county(one))]
        return Contents(self.build_id, (*marts, *measures, *published), tuple(views))

    def further_connection(self) -> duckdb.DuckDBPyConnection:
        """Return a connection to the same files for another thread; settings are a connection's."""
        further = self.con.cursor()
        for setting in _SETTINGS:
            further.execute(setting)
        return further

    @cached_property
    def _catalogue(self) -> dict[tuple[str, str], dict[str, list[tuple[str, str]]]]:
        """Names and types of columns by table, by file and schema."""
        found: dict[tuple[str, str], dict[str, list[tuple[str, str]]]] = {}
        for database, schema, table, name, kind in self.con.execute(_COLUMNS).fetchall():
            tables = found.setdefault((str(database), str(schema)), {})
            tables.setdefault(str(table), []).append((str(name), str(kind)))
        return found

    def _tables(self, database: str, schema: str) -> list[str]:
        return list(self._catalogue.get((database, schema), {}))

    def _columns(self, database: str, schema: str, table: str) -> list[tuple[str, str]]:
        return self._catalogue[database, schema][table]

    def _mart(self, name: str) -> Table:
        columns = self._columns("secure", "marts", name)
        is_open = name in self.access.open_to_all_districts
        if not is_open and _OWNER not in dict(columns):
            raise PublishError(
                f"mart {name}: found no column {_OWNER}, so that nothing says whose a row is;"
                " expected one, or its name under open_to_all_districts in bi_access.yml if it"
                " tells nothing of any household"
            )
        return Table(
            DISTRICT,
            name,
            self.words.mart(name),
            tuple(Column(c, kind, self.words.mart_column(name, c)) for c, kind in columns),
            "districts",
            f"secure.marts.{quoted(name)}",
            None if is_open else _OWNER,
            self._latest(name, dict(columns)),
        )

    def _latest(self, name: str, columns: Mapping[str, str]) -> str:
        """Return the condition for a mart's latest months, counted back from each district's own.

        A late district keeps as many months as the others. Days are written out, so that whole
        blocks of earlier months are passed over.
        """
        if self.months is None or name not in self.access.recent_only or "month" not in columns:
            return ""
        rows = self.con.execute(
            f"select cast(max(month) - interval {self.months} month as date), {_OWNER}"
            f" from secure.marts.{quoted(name)} where {_OWNER} is not null"
            " group by all order by all"
        ).fetchall()
        cuts: dict[str, list[str]] = {}
        for day, code in rows:
            cuts.setdefault(str(day), []).append(literal(code))
        kept = [
            f"(month > date '{day}' and {_OWNER} in ({', '.join(codes)}))"
            for day, codes in cuts.items()
        ]
        if not kept:
            return ""
        return f"month > date '{min(cuts)}' and ({' or '.join(kept)})"

    def _measure(self, name: str) -> Table | None:
        if not name.startswith(_BY_DISTRICT):
            return None
        columns = self._columns("secure", "metrics", name)
        owners = [one for one in _OWNERS_OF_MEASURES if one in dict(columns)]
        if len(owners) != 1:
            raise PublishError(
                f"metrics {name}: expected one column of {', '.join(_OWNERS_OF_MEASURES)} to say"
                f" whose a row is, found {len(owners)}"
            )
        return Table(
            MEASURES,
            name,
            f"Read {DISTRICT_METRICS}.{name}: this is what that view is over.",
            tuple(
                Column(c, kind, self._words_of_measure(c), self.words.label(c))
                for c, kind in columns
            ),
            "districts",
            f"secure.metrics.{quoted(name)}",
            owners[0],
        )

    def _words_of_measure(self, column: str) -> str:
        if column in self.words.metrics:
            return self.words.metric(column)
        return _KEYS.get(_readers_name(column)) or self.words.dimension(column)

    def _metrics_of_district(self, table: Table) -> View:
        chosen = [
            (one.name, replace(one, name=_readers_name(one.name)))
            for one in table.columns
            if one.name not in _NOT_FOR_READERS
            and (one.name not in self.words.metrics or self.words.is_figure(one.name))
        ]
        what = " ".join(table.name.split("_"))
        return View(
            DISTRICT_METRICS,
            table.name,
            f"Metrics: {what}. Exact figures of one district, for its own officers: not to"
            " publish.",
            tuple(column for _, column in chosen),
            tuple(source for source, _ in chosen),
            table,
        )

    def _published(self, name: str) -> Table:
        columns = self._columns("publication", "published", name)
        return Table(
            COUNTY,
            name,
            self.words.published(name),
            tuple(
                Column(
                    c,
                    kind,
                    self.words.figure(name, c),
                    self.words.label(self.words.metric_shown(name, c)),
                )
                for c, kind in columns
            ),
            "county",
            f"publication.published.{quoted(name)}",
        )

    def _metrics_of_county(self, table: Table) -> View | None:
        """Return the view of a published table's figures, without what only charts need."""
        spec = self.words.specs.get(table.name)
        if spec is None or not self._has_metrics(spec):
            return None
        named = {one.name for one in spec.columns}
        chosen = tuple(
            one
            for one in table.columns
            if one.name.removesuffix("_mark") in named or one.name in ("build_id", "release_note")
        )
        return View(
            COUNTY_METRICS,
            table.name,
            f"Metrics: {self.words.published(table.name)}",
            chosen,
            tuple(one.name for one in chosen),
            table,
        )

    def _has_metrics(self, spec: TableSpec) -> bool:
        return any(self.words.metrics_of(spec.table, column.name) for column in spec.columns)


def _readers_name(column: str) -> str:
    if column == "free_school_meals_row__home_district":
        return _OWNER
    return _READERS_NAMES.get(column) or column.rpartition("__")[2]


@contextmanager
def opened(home: Home, access: BiAccess, months: int | None) -> Iterator[Generation]:
    """Open the generation that readers open now, to read only.

    Raises WarehouseError where nothing is built yet, and PublishError where its files may not be
    read by whoever runs this.
    """
    folder = home.current.resolve()
    build = read_build(folder) if home.current.exists() else None
    if build is None:
        raise PublishError(
            "nothing is built yet, so nothing can be published; run `lsi build` first"
        )
    specs = load_specs(configuration_files(home, "disclosure"))
    private_folder(home.cache)
    with (
        # Within the home, since what spills is rows of households.
        TemporaryDirectory(prefix="publish-", dir=home.cache) as spill,
        duckdb.connect(
            config={
                "memory_limit": os.environ.get("LSI_MEMORY_LIMIT", MEMORY_LIMIT),
                "temp_directory": spill,
                "max_temp_directory_size": "20GB",
            }
        ) as con,
    ):
        _attach(con, folder)
        words = Words(Lineage.read(folder), specs)
        yield Generation(con, build.build_id, words, access, months)


def _attach(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    for setting in _SETTINGS:
        con.execute(setting)
    for name, file in (("secure", SECURE), ("publication", PUBLISHED)):
        path = folder / file
        try:
            con.execute(f"attach '{path}' as {name} (read_only)")
        except (duckdb.IOException, duckdb.PermissionException) as error:
            raise PublishError(
                f"{path}: cannot be read ({str(error).splitlines()[0]}); it is its owner's alone,"
                " so publish as whoever ran `lsi build`"
            ) from None
