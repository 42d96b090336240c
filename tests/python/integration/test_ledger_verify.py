"""`lsi ledger verify`: each way to tamper with the record of loads is planted, and found."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_extracts import a_month, wide
from typer.testing import CliRunner, Result

from openlsi.cli import application
from openlsi.extract.chain import Ledger, LedgerError, entry_hash
from openlsi.extract.key_rotation import rotate_keys
from openlsi.extract.loading import load
from openlsi.home import Home
from openlsi.identity.keys import create_master_key

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
        "5 lines and the end are keyed: nobody wrote them without the master key",
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
        [
            "line 4: the line above it was deleted, or this one was inserted",
            "line 3: its keyed hash is not of this master key: written without it, or another key"
            " is set than the ledger was written with",
        ],
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
            "line 4: written without the master key: it has no keyed hash",
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


# --- whoever may write the files, and can compute a hash


def forged_line(above: dict[str, Any], **fields: object) -> dict[str, Any]:
    """Return a release that nobody gave, chained to the line above as the command would."""
    entry = {
        "event": "extract_released", "extract_id": "x" + "0" * 24, "by": "nobody", "why": "none",
        "sequence": above["sequence"] + 1, "previous_hash": above["hash"],
    }  # fmt: skip
    return entry | {"hash": entry_hash(entry)} | fields


def with_head(home: Home, entries: list[dict[str, Any]], keyed: str = "") -> None:
    """Write a ledger and the head that fits it."""
    home.ledger.write_text("".join(json.dumps(one, sort_keys=True) + "\n" for one in entries))
    head = f"{len(entries)} {entries[-1]['hash']} {keyed}\n"
    home.ledger.with_name("ledger.head").write_text(head)


def old_head(home: Home) -> str:
    return home.ledger.with_name("ledger.head").read_text(encoding="ascii").split()[2]


FORGED: dict[str, tuple[Callable[[Home, list[dict[str, Any]]], None], str]] = {
    "a line appended": (
        lambda home, lines: with_head(home, [*lines, forged_line(lines[-1])]),
        "line 6: written without the master key: it has no keyed hash",
    ),
    "a line appended with another's keyed hash": (
        lambda home, lines: with_head(
            home, [*lines, forged_line(lines[-1], keyed_hash=lines[2]["keyed_hash"])]
        ),
        "line 6: its keyed hash is not of this master key: written without it, or another key is"
        " set than the ledger was written with",
    ),
    "lines cut off, and the head made to fit": (
        lambda home, lines: with_head(home, lines[:3], old_head(home)),
        "ledger.head was not written with this master key: whether lines at the end are lost"
        " cannot be told",
    ),
    "lines cut off, and the head as it was before it was keyed": (
        lambda home, lines: with_head(home, lines[:3]),
        "ledger.head was not written with this master key: whether lines at the end are lost"
        " cannot be told",
    ),
}


@pytest.mark.parametrize("case", FORGED)
def test_what_somebody_wrote_without_the_key_is_found_and_nothing_is_built_on_it(
    home: Home, case: str
) -> None:
    forge, told = FORGED[case]
    forge(home, Ledger.read(home).entries)
    result = verified()
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"lsi: ledger {told}" in result.stderr.splitlines()
    with pytest.raises(LedgerError, match="restore"):
        load(home)


def test_without_the_key_the_chain_is_verified_and_that_is_said(home: Home) -> None:
    (home.root / "keys" / "master.key").unlink()
    result = verified()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[2].startswith("5 keyed hashes were not checked: ")
    assert not (home.root / "keys" / "master.key").exists()
    entries = Ledger.read(home).entries
    with_head(home, [*entries, forged_line(entries[-1])])
    assert "line 6: written without the master key: it has no keyed hash" in verified().stderr
    with pytest.raises(LedgerError, match="line 6: it has no keyed hash"):
        Ledger.read(home)


def test_with_another_key_every_line_is_in_doubt(home: Home) -> None:
    (home.root / "keys" / "master.key").unlink()
    create_master_key(home.root / "keys" / "master.key", is_demo=True)
    result = verified()
    assert result.exit_code == 1
    assert result.stderr.count("its keyed hash is not of this master key") == 5


def test_a_ledger_of_old_is_keyed_from_its_next_line_on(home: Home) -> None:
    """Plain lines are told for what they are; the first keyed one holds them fast."""
    entries = [
        {name: value for name, value in one.items() if name != "keyed_hash"}
        for one in Ledger.read(home).entries
    ]
    with_head(home, entries)
    plain = "lines are plain, as they were before the ledger was keyed"
    assert [line for line in verified().stdout.splitlines()[2:] if plain not in line] == []
    wide(home.inbox / "dartford", "Dartford", a_month(date(2026, 10, 1), rows=10))
    assert load(home).refused == []
    said = verified().stdout.splitlines()
    assert said[2] == "1 lines and the end are keyed: nobody wrote them without the master key"
    assert said[3].startswith(f"5 {plain}")
    later = [entries[0] | {"why": "another"}, *Ledger.read(home).entries[1:]]
    later[0] |= {"hash": entry_hash(later[0])}
    with_head(home, later)
    assert "line 2: the line above it was deleted" in verified().stderr


def test_nothing_is_appended_to_a_keyed_ledger_without_the_key(home: Home) -> None:
    before = home.ledger.read_bytes()
    with pytest.raises(LedgerError, match="expected the master key"):
        Ledger.read(home).append([{"event": "extract_released"}])
    assert home.ledger.read_bytes() == before


# --- the head, and landing


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
        for name in ("hash", "keyed_hash", "previous_hash", "sequence"):
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
    assert result.stdout.splitlines()[3:] == [
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
