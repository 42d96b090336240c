"""What a load came to, by sample, and what the table says it should."""

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

from faults import rows
from faults.edited import Edited
from faults.edits import edit_named
from faults.sample import COUNTY, Files, Sample
from faults.samples import SAMPLES
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

    def refusals_of(self, sample: Sample) -> list[str]:
        """Return what was said of a sample's files."""
        begins = tuple(f"inbox/{sample.sender}/{file}:" for file in sample.files)
        return [line for line in self.refused if line.startswith(begins)]


def loaded(home: Home, samples: dict[str, Files], key: Path | None = None) -> Came:
    """Load the files of several samples in one run."""
    for name, files in samples.items():
        folder = home.inbox / SAMPLES[name].sender
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            (folder / file).write_bytes(content)
    if key is not None:
        (home.root / "keys").mkdir(mode=0o700)
        shutil.copy(key, home.root / "keys")
    return came_to(home, load(home), samples)


def came_to(home: Home, report: LoadReport, samples: dict[str, Files]) -> Came:
    """Read back what a load left."""
    aside = _set_aside(home)
    by_origin = {(SAMPLES[name].sender, SAMPLES[name].layout): name for name in samples}
    landed = {}
    for event in report.accepted:
        landed_rows = [
            (one["record"], row[-1], row[:-1])
            for one in event["records"]
            for row in duckdb.sql(
                "select * exclude (extract_id, source_row), source_row from"
                f" read_parquet('{home.landing / one['path']}', hive_partitioning = false)"
            ).fetchall()
        ]
        own = [row[1:] for row in aside if row[0] == event["extract_id"]]
        sender = COUNTY.district(event["district_code"])
        assert sender is not None
        landed[by_origin[sender.slug, event["layout"]]] = Landed(event, own, landed_rows)
    return Came(landed, [str(one) for one in report.refused], samples)


def _set_aside(home: Home) -> list[tuple[Any, ...]]:
    if not any(home.quarantine.rglob("*.parquet")):
        return []
    return duckdb.sql(
        "select extract_id, file_name, source_row, reason, column_name, value_kind, gbp"
        f" from read_parquet('{home.quarantine}/**/*.parquet', hive_partitioning = false)"
        " order by all"
    ).fetchall()


def cell(entry: dict[str, Any], name: str) -> dict[str, Any]:
    """Return what an entry says of one sample: of its format, its feed, its layout, itself."""
    said = dict(entry)
    for group in SAMPLES[name].groups:
        said |= entry.get("but", {}).get(group, {})
    return said


def samples_of(entry: dict[str, Any]) -> list[str]:
    """Return the samples whose files are spoilt for an entry."""
    never = set(entry.get("never", {}))
    return [
        name
        for name, sample in SAMPLES.items()
        if not never.intersection(sample.groups) and cell(entry, name)["outcome"] in _BY_MADE_FILES
    ]


def spoilt(entry: dict[str, Any], base: dict[str, Files]) -> dict[str, Edited]:
    """Return the spoilt files of every sample of an entry."""
    edit, given = edit_named(entry["edit"]), entry.get("with", [])
    return {name: edit(SAMPLES[name], base[name], *given) for name in samples_of(entry)}


def shape(text: str) -> str:
    """Return the shape of a text: 9 for a digit, A for a letter."""
    return re.sub(r"[^\W\d_]", "A", re.sub("[0-9]", "9", text))[:24] or "empty"


def told(sample: Sample, base: Files, files: Files, said: dict[str, Any], template: str) -> str:
    """Return a text of the table with its placeholders filled for a sample and its files."""
    lines = rows.rows_of(sample, base[sample.file])
    names = sample.main.required_columns
    more = f" and {len(names) - 4} more" if names[4:] else ""
    place = said.get("place")
    return template.format(
        row=rows.row_of(sample, base, place) if place else sample.row,
        last=len(lines), encoding=sample.form.encoding, layout=sample.layout,
        columns=len(names), first=", ".join(names[:4]) + more,
        code=sample.a_column, header=sample.header_row,
        **_fields(sample, lines[sample.row - 1]), unknown=_unknown(sample, files, names),
        begins=sample.places["begins"].lands_in, total=_total(sample),
        **_counted(sample, lines),
        **(_pounds_told(sample, lines, files) if "{told}" in template else {}),
    )  # fmt: skip


def _fields(sample: Sample, line: rows.Row) -> dict[str, int]:
    fields = len(rows.cells(sample, line))
    return {"fields": fields, "one_more": fields + 1, "two_less": fields - 2}


def _unknown(sample: Sample, files: Files, names: list[str]) -> str:
    """Return what a refusal says of the columns of a header that no layout knows."""
    if not sample.header_row or len(content := files[sample.file]) == 0:
        return ""
    try:
        header = rows.names_of(sample, content)
    except (IndexError, UnicodeDecodeError):
        return ""
    unknown = [name for name in header if name not in names]
    plural = "column" if len(unknown) == 1 else "columns"
    return f", but unknown {plural} {', '.join(unknown)}" if unknown else ""


def _total(sample: Sample) -> str:
    return (sample.main.row_types and sample.main.row_types.total) or ""


def _counted(sample: Sample, lines: list[rows.Row]) -> dict[str, int]:
    """Return how many rows of the record, and how many of every kind, a clean file has."""
    own = [row for row in lines if sample.tag and rows.is_read(sample, row)]
    counted = sum(rows.is_of_record(sample, row) for row in own)
    return {"rows": counted, "row_more": counted + 1, "lines": len(own)}


def _pounds_told(sample: Sample, lines: list[rows.Row], files: Files) -> dict[str, str]:
    """Return the pounds that a clean file's trailer says, and what its rows then come to."""
    assert sample.form.trailer
    sums = [field.sum is not None for field in sample.form.trailer.fields]
    pence = int(rows.cells(sample, lines[-1])[1 + sums.index(True)])
    place = rows.column_of(sample, "money", files[sample.file])
    amounts = [
        rows.cells(sample, line)[place]
        for line in rows.rows_of(sample, files[sample.file])
        if rows.is_of_record(sample, line)
    ]
    found = sum(int(amount) for amount in amounts if amount.isdigit())
    return {
        "told": f"{Decimal(pence) / 100:,.2f}", "penny_more": f"{Decimal(pence + 1) / 100:,.2f}",
        "found": f"{Decimal(found) / 100:,.2f}",
    }  # fmt: skip


def rows_lost(sample: Sample, base: Landed, file: str, row: int | None) -> set[tuple[str, int]]:
    """Return the records of a physical row of a clean file, by record and row."""
    own = {
        name
        for name, mapping in sample.form.records.items()
        if sample.file_of(mapping.driving) == file
    }
    return {(record, at) for record, at, _ in base.rows if at == row and record in own}
