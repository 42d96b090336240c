"""What a load came to, by feed, and what the table says it should."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import yaml

from faults import edits
from faults.base_files import FEEDS, SLUG, Feed, Files
from openlsi.extract.loading import LoadReport, load
from openlsi.home import Home

ENTRIES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "fault_table.yml").read_text(encoding="utf-8")
)
_BY_MADE_FILES = ("read", "row", "file", "cannot_be_told")


@dataclass(frozen=True)
class Landed:
    """One accepted delivery: its event, rows set aside, and landed rows with record and row."""

    event: dict[str, Any]
    quarantine: list[tuple[Any, ...]]
    rows: list[tuple[str, int, tuple[Any, ...]]]

    def count(self, name: str) -> int:
        """Return rows of a kind from the ledger."""
        return int(self.event[f"{name}_rows"])

    def pounds(self, name: str) -> Decimal:
        """Return pounds of a kind from the ledger."""
        return Decimal(self.event[f"{name}_gbp"])

    def of(self, chosen: set[tuple[str, int]]) -> Counter[tuple[Any, ...]]:
        """Return the landed rows but those of some records and rows, without their numbers."""
        return Counter((r, v) for r, row, v in self.rows if (r, row) not in chosen)


@dataclass
class Came:
    """What a load came to."""

    landed: dict[str, Landed]
    refused: list[str]
    files: dict[str, Files] = field(default_factory=dict)


def loaded(home: Home, feeds: dict[str, Files], key: Path | None = None) -> Came:
    """Load the files of several feeds of the district in one run."""
    folder = home.inbox / SLUG
    folder.mkdir(parents=True)
    for files in feeds.values():
        for name, content in files.items():
            (folder / name).write_bytes(content)
    if key is not None:
        (home.root / "keys").mkdir(mode=0o700)
        shutil.copy(key, home.root / "keys")
    return came_to(home, load(home), feeds)


def came_to(home: Home, report: LoadReport, feeds: dict[str, Files]) -> Came:
    """Read back what a load left."""
    aside = _set_aside(home)
    landed = {}
    for event in report.accepted:
        rows = [
            (one["record"], row[-1], row[:-1])
            for one in event["records"]
            for row in duckdb.sql(
                "select * exclude (extract_id, source_row), source_row from"
                f" read_parquet('{home.landing / one['path']}', hive_partitioning = false)"
            ).fetchall()
        ]
        own = [row[1:] for row in aside if row[0] == event["extract_id"]]
        landed[event["feed"]] = Landed(event, own, rows)
    return Came(landed, [str(one) for one in report.refused], feeds)


def _set_aside(home: Home) -> list[tuple[Any, ...]]:
    if not any(home.quarantine.rglob("*.parquet")):
        return []
    return duckdb.sql(
        "select extract_id, file_name, source_row, reason, column_name, value_kind, gbp"
        f" from read_parquet('{home.quarantine}/**/*.parquet', hive_partitioning = false)"
        " order by all"
    ).fetchall()


def cell(entry: dict[str, Any], feed: str) -> dict[str, Any]:
    """Return what an entry says of one feed."""
    return entry | entry.get("but", {}).get(feed, {})


def feeds_of(entry: dict[str, Any]) -> list[str]:
    """Return the feeds whose files are spoilt for an entry."""
    return [
        feed
        for feed in FEEDS
        if feed not in entry.get("never", {}) and cell(entry, feed)["outcome"] in _BY_MADE_FILES
    ]


def spoilt(entry: dict[str, Any], base: dict[str, Files]) -> dict[str, edits.Edited]:
    """Return the spoilt files of every feed of an entry."""
    edit = getattr(edits, entry["edit"])
    return {feed: edit(FEEDS[feed], base[feed], *entry.get("with", [])) for feed in feeds_of(entry)}


def shape(text: str) -> str:
    """Return the shape of a text: 9 for a digit, A for a letter."""
    return re.sub(r"[^\W\d_]", "A", re.sub("[0-9]", "9", text))[:24] or "empty"


def told(feed: Feed, base: Files, files: Files, said: dict[str, Any], template: str) -> str:
    """Return a text of the table with its placeholders filled for a feed and its files."""
    lines = base[feed.file].splitlines()
    header = lines[0].decode(feed.form.encoding).split(feed.form.delimiter)
    table = next(iter(feed.form.files.values()))
    names = table.required_columns
    fields = len(header) if feed.has_header else len(feed.form.lines["award"].columns) + 1
    first = files[feed.file].splitlines()[0] if files[feed.file].splitlines() else b""
    unknown = [
        name
        for name in first.decode("latin-1").split(feed.form.delimiter)
        if feed.has_header and name not in names
    ]
    place = said.get("place")
    code = feed.places["code"].column
    plural = "column" if len(unknown) == 1 else "columns"
    return template.format(
        row=edits.row_of(feed, base, place) if place else feed.row,
        last=len(lines), encoding=feed.form.encoding, layout=feed.layout,
        columns=len(names), first=", ".join(names[:4]), more=len(names) - 4,
        fields=fields, one_more=fields + 1, two_less=fields - 2, code=code,
        unknown=f", but unknown {plural} {', '.join(unknown)}" if unknown else "",
        begins=feed.places["begins"].lands_in, **_trailer(feed, base, files),
    )  # fmt: skip


def _trailer(feed: Feed, base: Files, files: Files) -> dict[str, str | int]:
    """Return what a clean file's trailer says, and what its awards then come to."""
    if not feed.form.trailer:
        return {}
    awards, pence, deductions = map(int, base[feed.file].decode().split()[-1].split("|")[1:])
    amounts = [
        int(line.split(b"|")[-2])
        for line in files[feed.file].splitlines()
        if line.startswith(b"A|") and line.split(b"|")[-2].isdigit()
    ]
    return {
        "awards": awards, "award_more": awards + 1, "lines": awards + deductions,
        "told": f"{Decimal(pence) / 100:,.2f}", "penny_more": f"{Decimal(pence + 1) / 100:,.2f}",
        "found": f"{Decimal(sum(amounts)) / 100:,.2f}",
    }  # fmt: skip


def rows_lost(feed: Feed, base: Landed, row: int | None) -> set[tuple[str, int]]:
    """Return the records of a physical row of the clean file, by record and row."""
    return {
        (record, number)
        for record, number, _ in base.rows
        if number == row and (not feed.records or record in feed.records)
    }
