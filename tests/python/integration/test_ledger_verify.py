"""`lsi ledger verify`: each way to tamper with the record of loads is planted, and found."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_extracts import a_month, wide
from typer.testing import CliRunner, Result

from openlsi.cli import application
from openlsi.extract.chain import Ledger, entry_hash
from openlsi.extract.key_rotation import rotate_keys
from openlsi.extract.loading import load
from openlsi.home import Home

Lines = list[bytes]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose ledger has five lines, one an extract."""
    monkeypatch.setenv("LSI_HOME", str(tmp_path))
    home = Home(tmp_path)
    for number in range(5, 10):
        wide(home.inbox / "dartford", "Dartford", a_month(date(2026, number, 1), rows=number))
        assert load(home).refused == []
    assert len(Ledger.read(home).entries) == 5
    return home


def verified() -> Result:
    return CliRunner().invoke(application(), ["ledger", "verify"])


def test_a_whole_ledger_says_what_was_checked(home: Home) -> None:
    result = verified()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "5 lines: none edited, deleted, inserted or moved; the end is whole",
        "10 landing files: all there and as they were landed",
    ]


def edited(lines: Lines, number: int = 3) -> Lines:
    changed = lines[number - 1].replace(b'"accepted_rows": 7', b'"accepted_rows": 8')
    assert changed != lines[number - 1]
    return [*lines[: number - 1], changed, *lines[number:]]


def re_hashed(lines: Lines) -> Lines:
    """Edit the third line and give it the hash that its new content has."""
    entry = json.loads(edited(lines)[2])
    entry["hash"] = entry_hash(entry)
    return [*lines[:2], json.dumps(entry, sort_keys=True).encode() + b"\n", *lines[3:]]


def inserted(lines: Lines) -> Lines:
    """Put in a release that nobody gave, chained to the line above as the command would."""
    above = json.loads(lines[2])
    entry = {
        "event": "extract_released", "extract_id": above["extract_id"], "by": "nobody",
        "why": "none", "sequence": 4, "previous_hash": above["hash"],
    }  # fmt: skip
    entry["hash"] = entry_hash(entry)
    return [*lines[:3], json.dumps(entry, sort_keys=True).encode() + b"\n", *lines[3:]]


PLANTED: dict[str, tuple[Callable[[Lines], Lines], list[str]]] = {
    "edited": (edited, ["line 3: edited: its content is not what its hash was made of"]),
    "edited to no line": (
        lambda lines: [*lines[:2], b"gone\n", *lines[3:]],
        ["line 3: not a line of a ledger; it was edited"],
    ),
    "edited and hashed anew": (
        re_hashed,
        ["line 4: the line above it was deleted, or this one was inserted"],
    ),
    "deleted": (
        lambda lines: [*lines[:2], *lines[3:]],
        [
            "line 3: the line above it was deleted, or this one was inserted",
            "line 5: lost end: 4 lines found, 5 were written",
        ],
    ),
    "first deleted": (
        lambda lines: lines[1:],
        [
            "line 1: the line above it was deleted, or this one was inserted",
            "line 5: lost end: 4 lines found, 5 were written",
        ],
    ),
    "inserted": (
        inserted,
        [
            "line 5: inserted lines stand above it, or it was moved down",
            "line 5: not the line that was written here last; the ledger was replaced",
        ],
    ),
    "inserted with another's chain": (
        lambda lines: [*lines[:3], lines[0], *lines[3:]],
        [
            "line 4: inserted lines stand above it, or it was moved down",
            "line 5: inserted lines stand above it, or it was moved down",
            "line 5: not the line that was written here last; the ledger was replaced",
        ],
    ),
    "reordered": (
        lambda lines: [*lines[:2], lines[3], lines[2], lines[4]],
        [
            "line 3: reordered: it follows what is now line 4",
            "line 4: inserted lines stand above it, or it was moved down",
            "line 5: inserted lines stand above it, or it was moved down",
        ],
    ),
    "lost end": (lambda lines: lines[:3], ["line 4: lost end: 3 lines found, 5 were written"]),
    "emptied": (lambda lines: [], ["line 1: lost end: 0 lines found, 5 were written"]),
    "torn": (
        lambda lines: [*lines, lines[4][:40]],
        [
            "line 6: torn: a last line without its end, as a crash leaves it; it never counted,"
            " and the next `lsi load` cuts it off"
        ],
    ),
}


@pytest.mark.parametrize("case", PLANTED)
def test_each_way_to_change_the_ledger_is_found_at_its_line(home: Home, case: str) -> None:
    change, told = PLANTED[case]
    home.ledger.write_bytes(b"".join(change(home.ledger.read_bytes().splitlines(keepends=True))))
    before = home.ledger.read_bytes()
    result = verified()
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[:-1] == [f"lsi: ledger {one}" for one in told]
    assert home.ledger.read_bytes() == before


def test_a_ledger_without_its_head_cannot_be_told_whole(home: Home) -> None:
    home.ledger.with_name("ledger.head").unlink()
    result = verified()
    assert result.exit_code == 1
    assert "ledger.head is missing" in result.stderr


def landed(home: Home, line: int) -> Path:
    path: str = Ledger.read(home).entries[line - 1]["records"][0]["path"]
    return home.landing / path


@pytest.mark.parametrize("change", ["missing", "one byte", "other rows", "fewer rows"])
def test_a_landing_file_that_is_not_as_it_was_landed_is_found(home: Home, change: str) -> None:
    path = landed(home, 4)
    table = pq.read_table(path, partitioning=None)
    if change == "missing":
        path.unlink()
    elif change == "one byte":
        path.write_bytes(path.read_bytes()[:-9] + b"\x01" + path.read_bytes()[-8:])
    elif change == "other rows":
        pq.write_table(pa.concat_tables([table[:1], table[:-1]]), path)
    else:
        pq.write_table(table[:-1], path)
    result = verified()
    assert result.exit_code == 1
    said = "is missing" if change == "missing" else "was changed since it was landed"
    place = path.relative_to(home.root)
    assert result.stderr.splitlines()[0] == f"lsi: ledger line 4: {place} {said}"
    assert len(result.stderr.splitlines()) == 2


def test_a_line_of_old_without_hashes_is_held_by_its_rows(home: Home) -> None:
    """A ledger written before files were hashed is held against the number of rows."""
    entries = Ledger.read(home).entries
    home.ledger.unlink()
    home.ledger.with_name("ledger.head").unlink()
    fresh = Ledger.read(home)
    for entry in entries:
        for record in entry["records"]:
            del record["sha256"]
        for name in ("hash", "previous_hash", "sequence"):
            del entry[name]
    fresh.append(entries)
    result = verified()
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1].endswith("landed, 10 of them by their rows alone")
    path = landed(home, 4)
    pq.write_table(pq.read_table(path, partitioning=None)[:-1], path)
    result = verified()
    assert result.exit_code == 1
    assert "line 4: landing/" in result.stderr


def test_a_file_that_no_line_names_is_told_and_harmless(home: Home) -> None:
    stray = landed(home, 1).with_name("stray.parquet")
    stray.write_bytes(b"stray")
    result = verified()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[2:] == [
        "files in landing that no line names, and nothing reads: 1",
        f"  {stray.relative_to(home.landing)}",
    ]


def test_nothing_loaded_yet_is_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSI_HOME", str(tmp_path / "new"))
    result = verified()
    assert (result.exit_code, result.stdout.splitlines()[0][:8]) == (0, "0 lines:")


def test_files_written_anew_are_held_against_the_line_that_says_so(home: Home) -> None:
    rotate_keys(home, "dartford", "k2", "A. Officer", "a test")
    result = verified()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[1] == "10 landing files: all there and as they were landed"
    path = home.landing / Ledger.read(home).accepted()[3]["records"][0]["path"]
    pq.write_table(pq.read_table(path, partitioning=None), path, compression="none")
    assert "was changed since it was landed" in verified().stderr
