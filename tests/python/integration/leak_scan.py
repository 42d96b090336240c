"""Search decoded files for identifiers: each kind of file is opened and read value by value.

A search of the bytes would find nothing: parquet and DuckDB files hold their values compressed.
"""

from __future__ import annotations

import gzip
import html
import json
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from sent_identifiers import SentIdentifiers, Words, words

# Of the distinct days in a column of dates, those that are somebody's day of birth. Months and
# starts of liability meet a few by chance; a column of birth dates meets all.
MOST_BIRTH_DATES = 0.5

_LONGEST_REMEMBERED = 64
# The official workbooks stand under this code in landing, and hold millions of pounds.
ENGLAND = "E92000001"

# Uncompressed, so that their strings lie in them as they are; SQLMesh's caches have no suffix.
_PLAIN_BYTES = (".msgpack", ".gpickle")
_SQLMESH_CACHE = "sqlmesh_cache"
_SEALED = b"age-encryption.org/v1\n"
_ZSTD, _GZIP = b"\x28\xb5\x2f\xfd", b"\x1f\x8b"
# What is long or odd enough not to stand in bytes by chance, nor in SQLMesh's pickled queries.
_SHORTEST_IN_BYTES = 7
_TOLD_BY_BYTES = ("nino", "uprn", "canary")


@dataclass(frozen=True, order=True)
class Leak:
    """An identifier where none may be: the file, the place in it, the kind, and its words."""

    file: str
    place: str
    kind: str
    found: str


def _is_a_day(said: str, text: str) -> bool:
    """Say whether three words that could be a birth date are one in the text, and none of ours.

    Figures in three cells of an official table come to a day by chance; the days of rules and
    yardsticks are those of the seeds.
    """
    for form in ("%d %m %Y", "%Y %m %d", "%d %b %Y", "%d %B %Y"):
        try:
            if datetime.strptime(said, form).date().isoformat() in _days_of_seeds():
                return False
        except ValueError:
            continue
    parted = "(?:[ \\u00a0\\-/.]{1,3}|, )".join(re.escape(word) for word in said.split())
    return re.search(rf"(?<!\w){parted}(?!\w)", text, re.IGNORECASE) is not None


@cache
def _days_of_seeds() -> frozenset[str]:
    seeds = Path(__file__).resolve().parents[3] / "seeds"
    texts = (path.read_text(encoding="utf-8") for path in seeds.rglob("*.csv"))
    return frozenset(day for text in texts for day in re.findall(r"\d{4}-\d{2}-\d{2}", text))


class Needles:
    """Identifiers by their first word, so that a text is gone through once."""

    def __init__(self, sent: SentIdentifiers) -> None:
        self.birth_dates = sent.birth_dates
        self._by_first: dict[str, dict[Words, str]] = {}
        for kind, forms in sent.by_kind.items():
            for form in forms:
                self._by_first.setdefault(form[0], {})[form] = kind
        self._lengths = {
            first: {len(form) for form in forms} for first, forms in self._by_first.items()
        }
        self._by_bytes = {
            form[0].encode(): kind
            for kind, forms in sent.by_kind.items()
            if kind in _TOLD_BY_BYTES
            for form in forms
            if len(form) == 1
        }
        # A key stands in every month, and in every generation: it is read once.
        self._clean: set[str] = set()

    def in_text(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield the kind and words of each identifier that stands in a text."""
        if text in self._clean:
            return
        found = [
            (kind, said)
            for kind, said in self._found(words(text))
            if kind != "birth date" or _is_a_day(said, text)
        ]
        if not found and len(text) <= _LONGEST_REMEMBERED:
            self._clean.add(text)
        yield from found

    def in_bytes(self, content: bytes) -> Iterator[tuple[str, str]]:
        """Yield the identifiers in bytes where nothing parts one text from the next."""
        lower = content.lower()
        met = {found[0] for found in re.finditer(rb"[a-z]{2}[0-9]{6}", lower)}
        lengths = {len(form) for form in self._by_bytes if form.isdigit()}
        for run in re.finditer(rb"[0-9]{6,}", lower):
            met |= {
                run[0][at : at + length]
                for length in lengths
                for at in range(len(run[0]) - length + 1)
            }
        met |= {
            form
            for form, kind in self._by_bytes.items()
            if kind == "canary" and len(form) >= _SHORTEST_IN_BYTES and form in lower
        }
        for form in met & self._by_bytes.keys():
            yield self._by_bytes[form], form.decode()

    def _found(self, said: list[str]) -> Iterator[tuple[str, str]]:
        for start, word in enumerate(said):
            for length in self._lengths.get(word, ()):
                form = tuple(said[start : start + length])
                if kind := self._by_first[word].get(form):
                    yield kind, " ".join(form)


def scan(folder: Path, needles: Needles, outside: Iterable[Path] = ()) -> set[Leak]:
    """Return the identifiers in all files under a folder but those under `outside`.

    A file of a kind that cannot be decoded here fails: it might hold anything.
    """
    kept_out = list(outside)
    leaks: set[Leak] = set()
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file() or any(path.is_relative_to(o) for o in kept_out):
            continue
        name = path.relative_to(folder).as_posix()
        leaks |= {Leak(name, "its name", *found) for found in needles.in_text(name)}
        leaks |= {Leak(name, *found) for found in _in_file(path, needles)}
    return leaks


def _in_file(path: Path, needles: Needles) -> Iterator[tuple[str, str, str]]:
    if path.suffix == ".parquet":
        with closing(duckdb.connect()) as con:
            query = f"from read_parquet('{path}', hive_partitioning = false)"
            yield from _in_columns(con, query, "", needles, has_official=ENGLAND in str(path))
    elif path.suffix == ".duckdb":
        yield from _in_database(path, needles)
    elif path.suffix in (".json", ".jsonl"):
        for number, line in enumerate(_documents(path), 1):
            for kind, found in _in_json(line, needles):
                yield f"document {number}", kind, found
    elif path.suffix in (".html", ".svg"):
        text = html.unescape(path.read_text(encoding="utf-8"))
        # With its tags for what attributes hold, without them for what they cut in two.
        for form in (text, re.sub(r"<[^>]*>", " ", text)):
            for kind, found in needles.in_text(form):
                yield "page", kind, found
    elif path.suffix in (".gz", ".zip", ".xlsx", ".ods"):
        yield from _in_packed(path, needles)
    elif path.suffix == ".tmp":
        for kind, found in needles.in_bytes(spilt(path)):
            yield "spilt", kind, found
    elif path.suffix == ".age":
        content = path.read_bytes()
        assert content.startswith(_SEALED), f"{path}: is not sealed"
        for kind, found in needles.in_bytes(content):
            yield "sealed", kind, found
    elif path.suffix in (".sqlite", ".db"):
        yield from _in_sqlite(path, needles)
    else:
        is_packed = _SQLMESH_CACHE in path.parts
        for number, line in enumerate(_text(path).splitlines(), 1):
            for kind, found in needles.in_text(line):
                if not (is_packed and kind == "canary" and len(found) < _SHORTEST_IN_BYTES):
                    yield f"line {number}", kind, found


def spilt(path: Path) -> bytes:
    """Return a file of DuckDB's temp directory: its blocks, as they are and unpacked."""
    content = path.read_bytes()
    parts, at = [content], content.find(_ZSTD)
    while at >= 0:
        # What follows a frame is padding, or the next block: only its own bytes are read of it.
        with suppress(OSError, pa.ArrowInvalid):
            packed = pa.CompressedInputStream(pa.py_buffer(content[at:]), "zstd")
            while part := packed.read(1 << 16):
                parts.append(part)
        at = content.find(_ZSTD, at + 1)
    return b"\n".join(parts)


def _text(path: Path) -> str:
    """Return a file as text; UTF-16 is told by its mark, or by a zero in every other byte."""
    content = path.read_bytes()
    if _SQLMESH_CACHE in path.parts:
        plain = gzip.decompress(content) if content.startswith(_GZIP) else content
        return plain.decode("utf-8", errors="replace")
    if path.suffix in _PLAIN_BYTES:
        return content.decode("utf-8", errors="replace")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    for encoding, zeros in (("utf-16-le", content[1::2]), ("utf-16-be", content[::2])):
        if zeros and 2 * zeros.count(0) > len(zeros):
            return content.decode(encoding)
    return content.decode("utf-8")


def _in_packed(path: Path, needles: Needles) -> Iterator[tuple[str, str, str]]:
    """Unpack an archive and go through its parts as through files; a sheet's cells are XML."""
    with tempfile.TemporaryDirectory() as folder:
        if path.suffix == ".gz":
            (Path(folder) / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
        else:
            with zipfile.ZipFile(path) as archive:
                archive.extractall(folder)
        for part in list(Path(folder).rglob("*")):
            if part.suffix in (".xml", ".rels"):
                part.rename(part.with_suffix(f"{part.suffix}.html"))
        for leak in scan(Path(folder), needles):
            yield f"{leak.file} {leak.place}", leak.kind, leak.found


def _in_sqlite(path: Path, needles: Needles) -> Iterator[tuple[str, str, str]]:
    with closing(sqlite3.connect(path)) as con:
        names = con.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (name,) in names:
            for row in con.execute(f'select * from "{name}"'):
                for kind, found in needles.in_text(" ".join(map(str, row))):
                    yield f"table {name}", kind, found


def _documents(path: Path) -> list[Any]:
    text = path.read_text(encoding="utf-8")
    return [json.loads(one) for one in (text.splitlines() if path.suffix == ".jsonl" else [text])]


def _in_json(value: Any, needles: Needles) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from needles.in_text(name)
            yield from _in_json(inner, needles)
    elif isinstance(value, list):
        for inner in value:
            yield from _in_json(inner, needles)
    elif isinstance(value, float):
        # Fractions of the seconds at which dbt made its nodes are claims' numbers by chance.
        yield from needles.in_text(f"{value:.0f}")
    else:
        yield from needles.in_text(str(value))


def _in_database(path: Path, needles: Needles) -> Iterator[tuple[str, str, str]]:
    with closing(duckdb.connect(str(path), read_only=True)) as con:
        tables = con.execute(
            'select format(\'"{}"."{}"\', schema_name, table_name) from duckdb_tables()'
        ).fetchall()
        assert tables, path
        for (table,) in tables:
            yield from _in_columns(con, f"from {table}", f"{table} ", needles, has_official=True)


def _in_columns(
    con: duckdb.DuckDBPyConnection,
    query: str,
    prefix: str,
    needles: Needles,
    *,
    has_official: bool,
) -> Iterator[tuple[str, str, str]]:
    described = con.execute(f"describe {query}").fetchall()
    for column, column_type, *_ in described:
        place = f"{prefix}column {column}"
        for kind, found in needles.in_text(column):
            yield f"{prefix}a column's name", kind, found
        if column_type.startswith(("DATE", "TIMESTAMP")):
            days = con.execute(f'select distinct cast("{column}" as date) {query}').fetchall()
            met = {day for (day,) in days if day in needles.birth_dates}
            if len(met) > MOST_BIRTH_DATES * len(days):
                yield place, "birth date", f"{len(met)} of {len(days)} days"
            continue
        values = con.execute(f'select distinct cast("{column}" as varchar) {query}').fetchall()
        for (value,) in values:
            for kind, found in needles.in_text(value or ""):
                # Millions of pounds in an official workbook are a claim's number by chance.
                if not (has_official and kind == "reference" and column.endswith("_gbp")):
                    yield place, kind, found
