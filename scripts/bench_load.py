"""Time loading against plain DuckDB reading the same files with the same types.

`make bench-load`: made-up districts with every dwelling, a year of months. First the floor: each
file read by DuckDB with its columns named and typed, into a table that is dropped again. Then
`lsi load` of all months but the last, and of the last. CPU seconds are user and system time of all
processes; peak memory is that of all processes together.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb
import yaml

from bench_cost import LSI, Cost, measured
from months_apart import put_back, take_out
from openlsi.config import District, load_configuration
from openlsi.config.county import default_file
from openlsi.extract.delivery import match_files
from openlsi.extract.layouts import Layout, load_layouts, split_source
from openlsi.extract.records import load_feed_definitions
from openlsi.home import Home
from openlsi.synthesis.county import synthesise
from openlsi.synthesis.plan import Plan


def floor(home: Home) -> None:
    """Read every file that `lsi load` would, typed, by plain DuckDB; print rows as JSON."""
    configuration = load_configuration(home)
    layouts = load_layouts(home, load_feed_definitions(home))
    rows = 0
    with duckdb.connect(config={"threads": 2, "memory_limit": "3GB"}) as connection:
        for district in configuration.districts:
            rows += _floor_of(home, district, layouts, connection)
    print(json.dumps({"rows": rows}))


def _floor_of(
    home: Home, district: District, layouts: dict[str, Layout], con: duckdb.DuckDBPyConnection
) -> int:
    folder = home.inbox / district.slug
    if not folder.is_dir():
        return 0
    own = {feed: layouts[name] for feed, name in district.feeds.items()}
    types = {layout.layout: _types(layout) for layout in own.values()}
    rows = 0
    deliveries, _ = match_files(sorted(folder.iterdir()), own, home.inbox)
    for delivery in deliveries:
        layout = layouts[delivery.layout]
        for table, path in delivery.present.items():
            for query in _typed_queries(layout, types[layout.layout], table, path):
                con.execute(f"create or replace temp table arrived as {query}")
                (count,) = con.execute("select count(*) from arrived").fetchone() or (0,)
                rows += count
    return rows


def _typed_queries(
    layout: Layout, types: dict[str, dict[str, str]], table: str, path: Path
) -> list[str]:
    """Return a query a table of a file: its columns with the types that the loader gives them."""
    quote = (
        f", quote = '{layout.quote}', escape = '{layout.quote}'" if layout.quote else ", quote = ''"
    )
    encoding = ", encoding = 'latin-1'" if layout.encoding == "cp1252" else ""
    frame = f"auto_detect = false, delim = '{layout.delimiter}'{quote}{encoding}"
    if layout.format == "tagged":
        width = 1 + max(len(line.columns) for line in layout.lines.values())
        names = [f"c{place}" for place in range(width)]
        rows = (
            f"read_csv('{path}', {frame}, header = false, null_padding = true, {_varchars(names)})"
        )
        return [
            f"select {_columns(line.columns, names[1:], types[kind])} from {rows}"
            f" where c0 = '{line.tag}'"
            for kind, line in layout.lines.items()
        ]
    above, header = _header(layout, table, path)
    names = [layout.files[table].canonical(name) for name in header]
    # A row of totals in the foot is shorter than the others.
    foot = ", ignore_errors = true" if above else ""
    rows = f"read_csv('{path}', {frame}, header = true, skip = {above}{foot}, {_varchars(names)})"
    kinds = layout.files[table].row_types
    of_file = {
        column: type_
        for one in ([table] if kinds is None else kinds.tables)
        for column, type_ in types.get(one, {}).items()
    }
    return [f"select {_columns(names, names, of_file)} from {rows}"]


def _header(layout: Layout, table: str, path: Path) -> tuple[int, list[str]]:
    """Return how many lines stand above the header, and the names in it."""
    with path.open("rb") as file:
        for above, line in enumerate(file):
            names = line.decode(layout.encoding).strip("\ufeff\r\n").split(layout.delimiter)
            names = [name.strip(layout.quote or "") for name in names]
            if len(names) >= len(layout.files[table].columns):
                return above, names
    raise SystemExit(f"{path}: no header")


def _varchars(names: list[str]) -> str:
    quoted = [name.replace("'", "''") for name in names]
    return "columns = {" + ", ".join(f"'{name}': 'VARCHAR'" for name in quoted) + "}"


def _types(layout: Layout) -> dict[str, dict[str, str]]:
    """Return an SQL expression over `{c}` for each typed column of each table of a layout."""
    definition = load_feed_definitions(Home(Path("nowhere")))[layout.feed]
    types: dict[str, dict[str, str]] = {table: {} for table in layout.read_tables}
    for name, record in layout.records.items():
        for field, mapping in record.columns.items():
            kind = definition.records[name].mapped[field].type
            for block in record.blocks or [""]:
                if mapping.source is None:
                    continue
                alias, column = split_source(mapping.source.replace("{block}", block), record)
                table = next((one.table for one in record.lookups if one.alias == alias), alias)
                if table in types:
                    form = mapping.money or layout.money
                    types[table][column] = _expression(kind, form, mapping.date_format)
    return types


def _expression(kind: str, money: str, date_format: str | None) -> str:
    if kind == "money":
        bare = "replace(replace({c}, '£', ''), ',', '')" if money == "currency" else "{c}"
        return f"try_cast(nullif({bare}, '') as decimal(18, 2))"
    if kind == "integer":
        return "try_cast(nullif({c}, '') as integer)"
    if kind == "date":
        return f"cast(try_strptime(nullif({{c}}, ''), '{date_format or '%Y-%m-%d'}') as date)"
    return "{c}"


def _columns(names: list[str], read: list[str], types: dict[str, str]) -> str:
    return ", ".join(
        types.get(name, "{c}").replace("{c}", f'"{one}"') + f' as "{name}"'
        for name, one in zip(names, read, strict=False)
    )


def make(home: Home, months: int, scale: float) -> None:
    """Write a year of both feeds with every dwelling, in text files, without planted faults."""
    own = yaml.safe_load(default_file("districts.yml").read_text(encoding="utf-8"))
    for district in own["districts"]:
        feeds = {feed: district["feeds"][feed] for feed in ("council_tax", "cts")}
        # DuckDB itself cannot read a workbook.
        district["feeds"] = feeds | ({"cts": "wide_cts"} if feeds["cts"] == "workbook_cts" else {})
    own["services"], own["sharings"] = [], {}
    home.config.mkdir(parents=True)
    (home.config / "districts.yml").write_text(yaml.safe_dump(own))
    plan = Plan(months, until="2026-10", sample=1.0, seed=1, scale=scale, has_faults=False)
    synthesise(home, plan)


def main() -> None:
    """Make the files, measure, and print one line a figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=["floor"])
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--scale", type=float, default=1.0)
    arguments = parser.parse_args()
    if arguments.part == "floor":
        floor(Home.from_environment())
        return
    root = Path(tempfile.mkdtemp(prefix="bench-load-"))
    try:
        home = Home(root)
        make(home, arguments.months, arguments.scale)
        shutil.rmtree(home.inbox / "official")
        aside = home.root / "last"
        later = take_out(home, "202610", aside)
        first = _bytes_sent(home)
        _floor_cost(home)  # the first touch of memory and disk is not counted
        _print("first load", first, _floor_cost(home), _load_cost(home), 3)
        _only_last(home, aside)
        _print("one month more", later, _floor_cost(home), _load_cost(home), 2)
    finally:
        shutil.rmtree(root)


def _floor_cost(home: Home) -> Cost:
    return measured([sys.executable, __file__, "floor"], home.root)


def _load_cost(home: Home) -> Cost:
    return measured([*LSI, "load"], home.root)


def _bytes_sent(home: Home) -> int:
    folders = (folder for folder in home.inbox.iterdir() if folder.name != "reference")
    return sum(path.stat().st_size for folder in folders for path in folder.iterdir())


def _only_last(home: Home, aside: Path) -> None:
    """Leave the last month's files alone in the inbox: the others are loaded and need no look."""
    for path in home.inbox.glob("*/*"):
        if path.parent.name != "reference":
            path.unlink()
    put_back(home, aside)


def _print(what: str, size: int, bare: Cost, loaded: Cost, target: int) -> None:
    rows, mb = json.loads(bare.said)["rows"], size / 1e6
    for name, cost in (("plain DuckDB", bare), ("lsi load", loaded)):
        print(
            f"{what}, {name}: {cost.cpu_seconds:.1f} CPU s, {cost.wall_seconds:.1f} s wall,"
            f" {rows / cost.wall_seconds:,.0f} rows/s, {mb / cost.wall_seconds:.0f} MB/s,"
            f" peak {cost.peak_mb:,} MB"
        )
    print(
        f"{what}: {rows:,} rows, {mb:,.0f} MB;"
        f" {loaded.cpu_seconds / bare.cpu_seconds:.2f} x the floor in CPU seconds (target {target})"
    )


if __name__ == "__main__":
    main()
