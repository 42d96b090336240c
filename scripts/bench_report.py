"""What the site costs: rendered at first, again with nothing changed, and with one page changed.

`make bench-report`: the project's pages over what was built in `LSI_HOME`. The floor is plain
DuckDB running every distinct query of the pages once. CPU seconds are user and system time of all
processes. Ends with 1 where the second site differs from the first.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

from bench_cost import LSI, Cost, measured
from openlsi.errors import LsiError
from openlsi.home import Home
from openlsi.warehouse.build import published_database
from openlsi.warehouse.project import project_directory

CHANGED = "pages/council-tax-support.md"
FLOOR = "--floor-of"


def queries_of(cache: Path) -> list[str]:
    """Return every distinct query of the pages in a cache."""
    kept = [json.loads(path.read_bytes()) for path in sorted((cache / "pages").glob("*.json"))]
    return list(dict.fromkeys(sql for page in kept for _, sql, _ in page["reads"]))


def run_plainly(database: Path, cache: Path) -> None:
    """Run the queries of a cache's pages on a database, and fetch what they yield."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{database}' as publication (read_only)")
        connection.execute("use publication")
        for sql in queries_of(cache):
            connection.execute(sql).fetchall()


def rendered(root: Path, project: Path, database: Path, name: str) -> Cost:
    """Render the pages into a folder of their own; return the cost."""
    command = [*LSI, "report", "--project", str(project), "--database", str(database)]
    command += ["--out", str(root / name), "--cache", str(root / "cache")]
    return measured(command, root)


def held(site: Path) -> dict[str, bytes]:
    """Return the files of a site."""
    return {str(p.relative_to(site)): p.read_bytes() for p in site.rglob("*") if p.is_file()}


def told(what: str, cost: Cost, floor: Cost) -> str:
    """Return one line: what it cost and how often the floor that is."""
    times = cost.cpu_seconds / floor.cpu_seconds
    return (
        f"{what}: {cost.cpu_seconds:.1f} CPU s ({times:.1f} x floor),"
        f" {cost.wall_seconds:.1f} s, peak {cost.peak_mb:,} MB; {cost.said.strip().split(':')[0]}"
    )


def main() -> None:
    """Render three times, run the floor, and print one line a figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(FLOOR, nargs=2, type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.floor_of:
        run_plainly(*arguments.floor_of)
        return
    try:
        database = published_database(Home.from_environment()).resolve()
    except LsiError as error:
        raise SystemExit(f"{error}") from error
    root = Path(tempfile.mkdtemp(prefix="bench-report-"))
    try:
        project = root / "reports"
        shutil.copytree(project_directory() / "reports", project)
        first = rendered(root, project, database, "first")
        again = rendered(root, project, database, "again")
        is_same = held(root / "first") == held(root / "again")
        with (project / CHANGED).open("a", encoding="utf-8") as page:
            page.write("\nOne sentence more.\n")
        changed = rendered(root, project, database, "changed")
        this = str(Path(__file__).resolve())
        floor = measured([sys.executable, this, FLOOR, str(database), str(root / "cache")], root)
        queries = len(queries_of(root / "cache"))
        print(f"floor: {floor.cpu_seconds:.1f} CPU s for {queries} queries by plain DuckDB")
        print(told("first", first, floor))
        print(told("nothing changed", again, floor))
        print(told("one page changed", changed, floor))
        print(f"the second site is {'the same to the byte' if is_same else 'DIFFERENT'}")
    finally:
        shutil.rmtree(root)
    sys.exit(not is_same)


if __name__ == "__main__":
    main()
