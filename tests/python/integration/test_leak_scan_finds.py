"""Of a thousand made-up canaries, one leaked into any kind of artefact is found, and named.

The scan that finds nothing outside the vault proves something only if it finds these.
"""

from __future__ import annotations

import gzip
import json
import pickle
import random
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from leak_scan import Needles, scan, spilt
from sent_identifiers import SentIdentifiers

KINDS = ("nino", "name", "uprn", "reference", "address", "postcode")
_HARMLESS = "ordinary text about ward 12, October 2026, and £1,234.50"


def canaries() -> tuple[list[dict[str, str]], Needles]:
    """Return a thousand people who do not exist, and the means to find each."""
    drawn, sent, people = random.Random(20261125), SentIdentifiers(), []
    for number in range(1000):
        letters = "".join(drawn.choices("bcdfghjklmnpqrstvwz", k=4))
        person = {
            "nino": f"JR{drawn.randrange(10**6):06}{drawn.choice('ABCD')}",
            "name": f"Quill{letters} Vane{letters}wick",
            "uprn": f"{100090000000 + number}",
            "reference": f"{780000000 + number}",
            "address": f"{number + 1} Canary{letters} Street, Nowhere",
            "postcode": f"ZZ{number % 90 + 10} {drawn.randrange(10)}QX",
        }
        people.append(person)
        surname, forenames = person["name"].split(" ", 1)
        sent.add_row(
            {
                "lead_nino": person["nino"], "lead_surname": surname, "lead_forenames": forenames,
                "uprn": person["uprn"], "claim_ref": person["reference"],
                "address": person["address"], "postcode": person["postcode"],
            }
        )  # fmt: skip
    return people, Needles(sent)


PEOPLE, NEEDLES = canaries()


def parquet(folder: Path, value: str) -> None:
    values = [_HARMLESS] * 5000 + [value]
    pq.write_table(pa.table({"note": values}), folder / "landed.parquet", compression="zstd")


def nested_parquet(folder: Path, value: str) -> None:
    rows = [{"who": [{"said": _HARMLESS}]}, {"who": [{"said": value}]}]
    pq.write_table(pa.table({"nested": rows}), folder / "nested.parquet", compression="snappy")


def parquet_column_name(folder: Path, value: str) -> None:
    pq.write_table(pa.table({value: [1, 2]}), folder / "columns.parquet")


def database(folder: Path, value: str) -> None:
    with closing(duckdb.connect(str(folder / "secure.duckdb"))) as con:
        con.execute("create schema marts")
        con.execute(
            "create table marts.dim as select i, cast(i as varchar) as t from range(9) r(i)"
        )
        con.execute("insert into marts.dim values (9, $value)", {"value": value})


def json_document(folder: Path, value: str) -> None:
    (folder / "manifest.json").write_text(json.dumps({"nodes": [{"meta": {"said": value}}]}))


def json_key(folder: Path, value: str) -> None:
    (folder / "run_results.json").write_text(json.dumps({"results": {value: 1}}))


def ledger(folder: Path, value: str) -> None:
    lines = [json.dumps({"event": "extract_accepted", "why": why}) for why in ("", value)]
    (folder / "ledger.jsonl").write_text("\n".join(lines) + "\n")


def page(folder: Path, value: str) -> None:
    split = value.replace(" ", "</b> <b>", 1)
    (folder / "index.html").write_text(f"<html><p><b>{split}</b></p></html>")


def page_attribute(folder: Path, value: str) -> None:
    (folder / "attribute.html").write_text(f'<a title="{value}">x</a>')


def drawing(folder: Path, value: str) -> None:
    (folder / "chart.svg").write_text(f"<svg><text>{value}</text></svg>")


def download(folder: Path, value: str) -> None:
    (folder / "download.csv").write_text(f"district,note\nDover,{value.replace(',', ' ')}\n")


def utf_16(folder: Path, value: str) -> None:
    (folder / "marked.txt").write_text(f"{_HARMLESS}\n{value}\n", encoding="utf-16")


def utf_16_without_its_mark(folder: Path, value: str) -> None:
    (folder / "unmarked.log").write_text(f"{_HARMLESS}\n{value}\n", encoding="utf-16-le")


def log(folder: Path, value: str) -> None:
    (folder / "dbt.log").write_text(f"02:11:00 [debug] {_HARMLESS}\n02:11:01 [error] {value}!\n")


def compiled_sql(folder: Path, value: str) -> None:
    (folder / "compiled.sql").write_text(f"select 1 where note = '{value}'\n")


def packed(folder: Path, value: str) -> None:
    (folder / "build.log.gz").write_bytes(gzip.compress(f"{_HARMLESS}\n{value}".encode()))


def archive(folder: Path, value: str) -> None:
    with zipfile.ZipFile(folder / "pages.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("deep/in/it.csv", f"a,b\n1,{value.replace(',', ' ')}\n")


def workbook(folder: Path, value: str) -> None:
    book = xlsxwriter.Workbook(str(folder / "download.xlsx"))
    book.add_worksheet("Figures").write_row(0, 0, [_HARMLESS, value])
    book.close()


def state(folder: Path, value: str) -> None:
    with closing(sqlite3.connect(folder / "state.db")) as con:
        con.execute("create table snapshots (payload text)")
        con.execute("insert into snapshots values (?)", [f"{{'said': '{value}'}}"])
        con.commit()


def cache(folder: Path, value: str) -> None:
    (folder / "partial_parse.msgpack").write_bytes(b"\x82\xa1\xff" + value.encode() + b"\xc0")


def sqlmesh_cache(folder: Path, value: str) -> None:
    cached = folder / "scratch" / "sqlmesh_cache" / "optimized_query"
    cached.mkdir(parents=True)
    (cached / "_1_2_3").write_bytes(gzip.compress(pickle.dumps({"said": [_HARMLESS, value]})))


def file_name(folder: Path, value: str) -> None:
    (folder / f"{value.replace(',', '')}.txt").write_text("nothing in it")


ARTEFACTS = [
    parquet, nested_parquet, parquet_column_name, database, json_document, json_key, ledger, page,
    page_attribute, drawing, download, utf_16, utf_16_without_its_mark, log, compiled_sql, packed,
    archive, workbook, state, cache, sqlmesh_cache, file_name,
]  # fmt: skip


@pytest.mark.parametrize("plant", ARTEFACTS, ids=lambda plant: plant.__name__)
def test_a_canary_of_each_kind_is_found_in_each_kind_of_artefact(
    tmp_path: Path, plant: Callable[[Path, str], None]
) -> None:
    for kind, person in zip(KINDS, PEOPLE[:: len(PEOPLE) // len(KINDS)], strict=False):
        folder = tmp_path / kind
        folder.mkdir()
        plant(folder, person[kind])
        assert {leak.kind for leak in scan(folder, NEEDLES)} == {kind}, kind


@pytest.mark.parametrize("kind", ["nino", "uprn"])
def test_a_canary_is_found_in_what_a_database_spills(tmp_path: Path, kind: str) -> None:
    """The files of a table that is larger than its memory, while it stands open."""
    config = {"memory_limit": "30MB", "temp_directory": str(tmp_path), "threads": "1"}
    with closing(duckdb.connect(config=config)) as con:
        con.execute(
            "create temp table held as"
            " select repeat('x', 300) || i as filling,"
            " case when i % 1000 = 7 then $value else 'no' end as note from range(200_000) as r(i)",
            {"value": PEOPLE[500][kind]},
        )
        assert {leak.kind for leak in scan(tmp_path, NEEDLES)} == {kind}
        # DuckDB packs the blocks that can be packed: those are read unpacked, too.
        packed = next(tmp_path.glob("*_S32K-*.tmp"))
        assert len(spilt(packed)) > 2 * packed.stat().st_size


@pytest.mark.parametrize("plant", ARTEFACTS, ids=lambda plant: plant.__name__)
def test_without_a_canary_nothing_is_found(
    tmp_path: Path, plant: Callable[[Path, str], None]
) -> None:
    plant(tmp_path, "Dover 2026-10")
    assert scan(tmp_path, NEEDLES) == set()
