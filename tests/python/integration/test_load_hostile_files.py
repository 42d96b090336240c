"""Hostile archives, workbooks and names: one plain line each, nothing landed, the rest loaded."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pyrage
import pytest
import typer
import yaml
from hostile_files import (
    bomb,
    gzipped,
    locked,
    overlapping,
    part_changed,
    understated,
    with_link,
    with_name,
    zipped,
)
from load_homes import configure_districts, no_strays, parquet_content, set_limits
from made_extracts import a_month, academy, piped, piped_cts, wide, workbook
from typer.testing import CliRunner

from openlsi.cli.load import register
from openlsi.extract.chain import Ledger
from openlsi.home import Home

AGAIN = "ask the sender for it again"
UNPACK = "unpack it and put the files here"
SAVED = "ask for the workbook again, saved as .xlsx without a password"
ARCHIVE = "inbox/ashford/october.zip"
WORKBOOK = "inbox/tunbridge-wells/tunbridge-wells-CTS-202610.xlsx"
SHEET = "xl/worksheets/sheet2.xml"
LEADS = (
    "found a file whose name leads elsewhere inside it; expected plain files with plain names;"
    f" {AGAIN}"
)
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BROKEN = (
    "found no readable archive; expected a .zip or .gz file that unpacks without errors;"
    f" it was cut short or changed: {AGAIN}"
)
# More than a bomb may come to while it is looked at, far less than it would unpack to.
MOST_MEMORY = 80_000_000

Change = Callable[[Path], object]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with six good deliveries in its inbox."""
    home = Home(tmp_path / "home")
    monkeypatch.setenv("LSI_HOME", str(home.root))
    made = a_month()
    academy(home.inbox / "ashford", "ashford", made)
    piped(home.inbox / "sevenoaks", "E07000111", made)
    piped_cts(home.inbox / "sevenoaks", "E07000111", made)
    wide(home.inbox / "dartford", "Dartford", made)
    workbook(home.inbox / "tunbridge-wells", "tunbridge-wells", made)
    return home


def run(command: str, *arguments: str) -> tuple[int, list[str], str]:
    """Run a command; return its exit code, the lines on stderr, and what it said on stdout."""
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, [command, *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stderr.splitlines(), result.stdout


def assert_only_the_rest_is_loaded(home: Home, extracts: int) -> None:
    ledger = Ledger.read(home)
    assert len(ledger.accepted()) == extracts
    assert no_strays(home)
    named = {record["path"] for event in ledger.accepted() for record in event["records"]}
    assert set(parquet_content(home.landing)) == named
    assert [entry["event"] for entry in ledger.entries].count("extract_refused") == 1


REFUSED_ARCHIVES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "with a password": (
        "october.zip",
        lambda: locked(zipped({"a.csv": b"a,b\n"})),
        "found an archive with a password; expected one without; unpack it with its password and"
        " put the files here",
    ),
    "an archive inside": (
        "october.zip",
        lambda: zipped({"more.zip": zipped({"a.csv": b"a,b\n"})}),
        f"found an archive inside an archive; expected the files of a delivery; {UNPACK}",
    ),
    "a gzip of an archive": (
        "october.tar.gz",
        lambda: gzipped(b"a,b\n"),
        f"found an archive inside an archive; expected the files of a delivery; {UNPACK}",
    ),
    "of another kind": (
        "october.7z",
        lambda: b"7z\xbc\xaf\x27\x1c",
        f"found an archive of this kind; expected a .zip or .gz file; {UNPACK}",
    ),
    "a way up": ("october.zip", lambda: with_name(b"../../config/x.yml"), LEADS),
    "a way up further in": ("october.zip", lambda: with_name(b"a/../../x.yml"), LEADS),
    "an absolute name": ("october.zip", lambda: with_name(b"/etc/cron.d/x"), LEADS),
    "a drive": ("october.zip", lambda: with_name(b"C:x.csv"), LEADS),
    "a backslash": ("october.zip", lambda: with_name(rb"..\..\x.csv"), LEADS),
    "a NUL in a name": ("october.zip", lambda: with_name(b"a.csv\x00.exe"), LEADS),
    "a line end in a name": ("october.zip", lambda: with_name(b"a\nlsi: all is well"), LEADS),
    "text that runs backwards in a name": (
        "october.zip",
        lambda: zipped({"a\u202evsc.exe": b"a,b\n"}),
        LEADS,
    ),
    "a symbolic link": (
        "october.zip",
        lambda: with_link("awards.csv", "/etc/passwd"),
        f"found a link inside it; expected plain files with plain names; {AGAIN}",
    ),
    "nothing inside": (
        "october.zip",
        lambda: zipped({"__MACOSX/._a.csv": b"x", ".DS_Store": b"x"}),
        f"found an archive with no files; expected a delivery's files; {AGAIN}",
    ),
    "too many inside": (
        "october.zip",
        lambda: zipped({f"{number}.csv": b"" for number in range(501)}),
        f"found an archive with more than 500 files; expected the files of a delivery; {UNPACK}",
    ),
    "a directory too long to read": (
        "october.zip",
        lambda: zipped({f"{number:0>200}.csv": b"" for number in range(3_000)}),
        f"found an archive with more than 500 files; expected the files of a delivery; {UNPACK}",
    ),
    "one name twice": (
        "october.zip",
        lambda: zipped({"aa.csv": b"1\n", "bb.csv": b"2\n"}).replace(b"bb.csv", b"AA.csv"),
        BROKEN,
    ),
    "members that share their bytes": (
        "october.zip",
        lambda: overlapping(zipped({"a" * 9: bytes(range(256)) * 9}), 200),
        BROKEN,
    ),
    "cut short": ("october.zip", lambda: zipped({"a.csv": b"a,b\n" * 99})[:-9], BROKEN),
    "no archive at all": ("october.zip", lambda: b"a,b\n1,2\n", BROKEN),
    "a bomb": (
        "october.zip",
        lambda: zipped({"a.csv": bomb(100_000_000)}),
        "found 100,000,000 bytes when unpacked, out of {packed}; expected at most 200 times as"
        " many; ask the sender what it is, or raise files.most_ratio in limits.yml",
    ),
}


@pytest.mark.parametrize("case", REFUSED_ARCHIVES)
def test_an_archive_that_cannot_be_trusted_is_refused_unopened(home: Home, case: str) -> None:
    name, make, told = REFUSED_ARCHIVES[case]
    path = home.inbox / "ashford" / name
    path.write_bytes(make())
    if "{packed}" in told:
        with zipfile.ZipFile(path) as archive:
            told = told.format(packed=f"{archive.infolist()[0].compress_size:,}")
    assert run("load")[:2] == (1, [f"lsi: inbox/ashford/{name}: {told}"])
    assert_only_the_rest_is_loaded(home, 6)


def _awards(home: Home) -> Path:
    return home.inbox / "sevenoaks" / "E07000111.CTS.202610.txt"


# What is only seen when the bytes come out; the file is one of the six, so five are left.
REFUSED_WHEN_UNPACKED: dict[str, tuple[str, Callable[[str, bytes], bytes], str]] = {
    "more than it declares": (
        ".zip",
        lambda name, _: understated(zipped({name: bomb(30_000_000)}), 40),
        "found more bytes when unpacked than it declares; expected as many as it declares;"
        f" {AGAIN}",
    ),
    "less than it declares": (
        ".zip",
        lambda name, content: understated(zipped({name: content}), len(content) + 1),
        BROKEN,
    ),
    "another checksum": (
        ".zip",
        lambda name, content: zipped({name: content}).replace(
            (zipped({name: content}).split(b"PK\x01\x02")[1])[12:16], b"\x00\x01\x02\x03"
        ),
        BROKEN,
    ),
    "a gzip bomb": (
        ".gz",
        lambda _, content: gzipped(bomb(100_000_000)),
        "found {most} bytes when unpacked, out of {packed}; expected at most 200 times as many;"
        " ask the sender what it is, or raise files.most_ratio in limits.yml",
    ),
    "a gzip cut short": (".gz", lambda _, content: gzipped(content)[:-9], BROKEN),
    "a gzip that is none": (".gz", lambda _, content: content, BROKEN),
}


@pytest.mark.parametrize("case", REFUSED_WHEN_UNPACKED)
def test_what_comes_out_of_an_archive_is_held_to_what_it_declares(home: Home, case: str) -> None:
    suffix, make, told = REFUSED_WHEN_UNPACKED[case]
    awards = _awards(home)
    packed = awards.with_name(awards.name + suffix)
    packed.write_bytes(make(awards.name, awards.read_bytes()))
    awards.unlink()
    size = packed.stat().st_size
    told = told.replace("{most}", f"{max(10_000_000, size * 200) + 1:,}")
    told = told.replace("{packed}", f"{size:,}")
    tracemalloc.start()
    try:
        code, lines, _ = run("load")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (code, lines) == (1, [f"lsi: inbox/sevenoaks/{packed.name}/{awards.name}: {told}"])
    assert peak < MOST_MEMORY
    assert_only_the_rest_is_loaded(home, 5)


def test_a_zip_of_a_set_and_a_gzip_load_as_the_files_themselves_do(home: Home) -> None:
    assert run("load")[:2] == (0, [])
    plain = [
        (e["extract_id"], e["accepted_rows"], e["accepted_gbp"])
        for e in Ledger.read(home).accepted()
    ]
    folder = home.inbox / "ashford"
    sent = sorted(folder.glob("*_cts_*.csv"))
    assert len(sent) == 6
    members = {f"October/{path.name}": path.read_bytes() for path in sent}
    (folder / "october.ZIP").write_bytes(zipped({"__MACOSX/._x": b"x"} | members))
    awards = _awards(home)
    awards.with_name(awards.name + ".gz").write_bytes(gzipped(awards.read_bytes()))
    for path in [*sent, awards]:
        path.unlink()
    code, lines, said = run("load")
    assert (code, lines) == (0, [])
    assert said == "loaded 0 extracts: 0 rows, 0 set aside; 6 unchanged; 0 refused\n"

    for path in [home.landing, home.ledger.parent, home.vault]:
        for one in sorted(path.rglob("*"), reverse=True):
            one.unlink() if one.is_file() else one.rmdir()
    assert run("load")[:2] == (0, [])
    packed = [
        (e["extract_id"], e["accepted_rows"], e["accepted_gbp"])
        for e in Ledger.read(home).accepted()
    ]
    assert sorted(packed) == sorted(plain)


def test_an_archive_is_taken_out_of_the_inbox_when_all_its_files_are_sealed(home: Home) -> None:
    identity = pyrage.x25519.Identity.generate()
    configure_districts(home, original_recipient=str(identity.to_public()))
    set_limits(home, originals="seal")
    folder = home.inbox / "ashford"
    sent = {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}
    whole, partly = folder / "both_feeds.zip", home.inbox / "dartford" / "more.zip"
    whole.write_bytes(zipped(sent))
    extract = next((home.inbox / "dartford").glob("*.csv"))
    partly.write_bytes(zipped({extract.name: extract.read_bytes(), "notes.txt": b"notes"}))
    for path in [*folder.glob("*.csv"), extract]:
        path.unlink()
    code, lines, _ = run("load")
    assert code == 1
    assert len(lines) == 1 and lines[0].startswith(
        "lsi: inbox/dartford/more.zip/notes.txt: found a name"
    )
    assert not whole.exists()
    assert partly.exists()
    assert len(list((home.vault / "ashford" / "originals").glob("*.age"))) == 2


def awards_changed(change: Callable[[openpyxl.worksheet.worksheet.Worksheet], object]) -> Change:
    def rewrite(path: Path) -> None:
        book = openpyxl.load_workbook(path)
        change(book["Awards"])
        book.save(path)

    return rewrite


def _hide_sheet(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book["Awards"].sheet_state = "hidden"
    book.save(path)


def _far_corner(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    sheet["XFD1048576"] = "x"


def _formula(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    sheet["R6"], sheet["R7"] = "=S6*2", "=cmd|' /C calc'!A0"


def _hide_rows(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    sheet.row_dimensions[2].hidden = sheet.row_dimensions[6].hidden = True


REFUSED_WORKBOOKS: dict[str, tuple[Change, str]] = {
    "with a password": (
        lambda path: path.write_bytes(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes(500)
            + "EncryptedPackage".encode("utf-16-le")
        ),
        f"found a workbook with a password; expected an XLSX file; {SAVED}",
    ),
    "of the old kind": (
        lambda path: path.write_bytes(OLE2 + bytes(500)),
        f"found an old .xls workbook; expected an XLSX file; {SAVED}",
    ),
    "with macros": (
        part_changed("xl/vbaProject.bin", lambda _: b"macro"),
        f"found a workbook with macros; expected one without; {SAVED}",
    ),
    "with macros of the old kind": (
        part_changed("xl/macrosheets/sheet1.xml", lambda _: b"<x/>"),
        f"found a workbook with macros; expected one without; {SAVED}",
    ),
    "entities that multiply": (
        part_changed(
            "xl/sharedStrings.xml",
            lambda part: part.replace(
                b"<sst", b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><sst', 1
            ),
        ),
        f"found declarations of its own in its XML; expected a plain workbook; {SAVED}",
    ),
    "shared strings of 100 MB": (
        part_changed("xl/sharedStrings.xml", lambda part: part + b" " * 100_000_000),
        "found {unpacked} bytes when unpacked, out of {packed}; expected at most 200 times as"
        " many; ask the sender what it is, or raise files.most_ratio in limits.yml",
    ),
    "a part larger than declared": (
        lambda path: path.write_bytes(understated(path.read_bytes(), 50)),
        "found more bytes when unpacked than it declares; expected as many as it declares;"
        f" {AGAIN}",
    ),
    "a cell in the last corner": (
        awards_changed(_far_corner),
        "found a sheet of 1,048,576 rows and 16,384 columns; expected at most 30,000,000 cells;"
        " ask the sender to delete the empty rows and columns, or raise files.most_cells in"
        " limits.yml",
    ),
    "hidden rows": (
        awards_changed(_hide_rows),
        "found 1 row hidden, the first row 6; expected rows that all show; ask the sender to"
        " clear the filter, and to show or delete those rows",
    ),
    "a hidden sheet": (
        _hide_sheet,
        "found sheet Awards hidden; expected sheet Awards in sight; ask the sender whether that"
        " is the one to load, and to unhide it",
    ),
    "merged cells": (
        awards_changed(lambda sheet: sheet.merge_cells("A5:A6")),
        "found merged cells as far as row 6; expected a value in every cell; ask the sender to"
        " unmerge them",
    ),
    "formulas that were never worked out": (
        awards_changed(_formula),
        "found 2 formulas without a value, the first in row 6 of column Weekly CTR; expected"
        " values; ask the sender to open it in Excel, save it, and send it again",
    ),
    "another kind of document": (
        lambda path: path.write_bytes(zipped({"content.xml": b"<x/>"})),
        f"found no readable workbook; expected an XLSX file; {SAVED}",
    ),
}


@pytest.mark.parametrize("case", REFUSED_WORKBOOKS)
def test_a_workbook_that_would_be_read_wrong_in_silence_is_refused(home: Home, case: str) -> None:
    change, told = REFUSED_WORKBOOKS[case]
    path = home.root / WORKBOOK
    change(path)
    if "{packed}" in told:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
        told = told.replace("{packed}", f"{sum(one.compress_size for one in entries):,}")
        told = told.replace("{unpacked}", f"{sum(one.file_size for one in entries):,}")
    assert run("load")[:2] == (1, [f"lsi: {WORKBOOK}: {told}"])
    assert_only_the_rest_is_loaded(home, 5)


def test_an_official_workbook_that_is_a_bomb_is_refused(home: Home) -> None:
    (home.inbox / "official").mkdir()
    path = home.inbox / "official" / "levels.xlsx"
    path.write_bytes(zipped({"xl/workbook.xml": bomb(100_000_000)}))
    packed = zipfile.ZipFile(path).infolist()[0].compress_size
    assert run("load")[:2] == (
        1,
        ["lsi: inbox/official/levels.xlsx: found 100,000,000 bytes when unpacked, out of"
         f" {packed:,}; expected at most 200 times as many; ask the sender what it is, or raise"
         " files.most_ratio in limits.yml"],
    )  # fmt: skip
    assert_only_the_rest_is_loaded(home, 6)


def test_a_layout_without_a_sheet_takes_the_only_one_that_shows(home: Home) -> None:
    layouts = home.config / "layouts"
    layouts.mkdir(parents=True)
    shipped = Path(__file__).parents[3] / "scripts/openlsi/config/defaults/layouts/workbook_cts.yml"
    text = shipped.read_text(encoding="utf-8").replace("    sheet: Awards\n", "")
    (layouts / "workbook_cts.yml").write_text(text, encoding="utf-8")
    assert run("load")[:2] == (
        1,
        [f"lsi: {WORKBOOK}: found 2 sheets that show; expected one, or its name in the layout;"
         " say `sheet` in the layout"],
    )  # fmt: skip
    path = home.root / WORKBOOK
    book = openpyxl.load_workbook(path)
    book["Cover"].sheet_state = "hidden"
    book.active = 1
    book.save(path)
    assert run("load")[:2] == (0, [])


def test_an_error_in_a_cell_sets_its_row_aside_and_a_true_cell_is_read(home: Home) -> None:
    def spoil(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        # Weekly income may be empty, so nothing else would notice.
        sheet["Q5"], sheet["X6"] = "#REF!", "#DIV/0!"

    awards_changed(spoil)(home.root / WORKBOOK)
    assert run("load")[:2] == (0, [])
    (event,) = [e for e in Ledger.read(home).accepted() if e["layout"] == "workbook_cts"]
    assert (event["accepted_rows"], event["quarantined_rows"]) == (len(a_month().awards) - 1, 1)
    assert [(one["reason"], one["column_name"]) for one in event["quarantine_reasons"]] == [
        ("error_cell", "Weekly income")
    ]


def test_days_are_the_same_in_both_date_systems(home: Home) -> None:
    assert run("load")[:2] == (0, [])
    before = _award_days(home)
    path = home.root / WORKBOOK
    book = openpyxl.load_workbook(path)
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.save(path)
    assert b'date1904="1"' in zipfile.ZipFile(path).read("xl/workbook.xml")
    assert run("load", "--reissue", "--why", "saved on another machine")[:2] == (0, [])
    assert _award_days(home) == before


def _award_days(home: Home) -> list[tuple[object, ...]]:
    event = [e for e in Ledger.read(home).accepted() if e["layout"] == "workbook_cts"][-1]
    path = home.landing / event["records"][0]["path"]
    days = "award_from, award_to, claimant_age_at_month_end, claimant_pension_age_month"
    found = duckdb.sql(f"select {days} from read_parquet('{path}') order by source_row").fetchall()
    assert found
    return found


def test_a_file_that_grows_while_it_is_read_is_refused_and_loads_when_whole(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    awards = _awards(home)
    sound = awards.read_bytes()
    read_bytes = Path.read_bytes

    def read_while_copied(path: Path) -> bytes:
        content = read_bytes(path)
        if path.name == awards.name:
            with path.open("ab") as file:
                file.write(b"C|")
        return content

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", read_while_copied)
        assert run("load")[:2] == (
            1,
            ["lsi: inbox/sevenoaks/E07000111.CTS.202610.txt: found a file that is still being"
             " written; expected a file that is whole; wait until it has been copied, and run"
             " `lsi load` again"],
        )  # fmt: skip
    assert_only_the_rest_is_loaded(home, 5)
    awards.write_bytes(sound)
    assert run("load")[:2] == (0, [])


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        (
            {"most_bytes": 100},
            "found {size} bytes; expected at most 100; ask the sender for one month, or raise"
            " files.most_bytes in limits.yml",
        ),
        (
            {"most_lines": 2},
            "found 3 lines; expected at most 2; ask the sender for one month, or raise"
            " files.most_lines in limits.yml",
        ),
    ],
    ids=["bytes", "lines"],
)
def test_a_file_beyond_a_limit_is_refused_before_it_is_read(
    home: Home, limit: dict[str, int], told: str
) -> None:
    home.config.mkdir(parents=True)
    (home.config / "limits.yml").write_text(yaml.safe_dump({"files": limit}))
    awards = _awards(home)
    for path in home.inbox.rglob("*"):
        if path.is_file() and path != awards:
            path.unlink()
    told = told.replace("{size}", str(awards.stat().st_size))
    assert run("load")[:2] == (
        1, [f"lsi: inbox/sevenoaks/E07000111.CTS.202610.txt: {told}"],
    )  # fmt: skip
    assert Ledger.read(home).accepted() == []


def test_a_limit_that_is_none_is_told_by_its_name(home: Home) -> None:
    home.config.mkdir(parents=True)
    (home.config / "limits.yml").write_text(yaml.safe_dump({"files": {"most_ratio": "all"}}))
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, ["load"])
    assert str(result.exception).startswith(f"{home.config / 'limits.yml'}: files.most_ratio: ")
    assert len(str(result.exception).splitlines()) == 1


NAMES = {
    "a formula": ("=cmd|' -C calc'!A1.csv", "=cmd|' -C calc'!A1.csv"),
    "a page's script": ("<img src=x onerror=alert(1)>.csv", "<img src=x onerror=alert(1)>.csv"),
    "a terminal's command": ("\x1b[2Jall is well.csv", "?[2Jall is well.csv"),
    "a line of its own": ("a.csv\nlsi: all is well", "a.csv?lsi: all is well"),
    "text that runs backwards": ("awards\u202evsc.exe", "awards?vsc.exe"),
    "backslashes": ("x\\..\\..\\config", "x\\..\\..\\config"),
    "bytes that are no text": ("awards\udcff.csv", "awards?.csv"),
}


@pytest.mark.parametrize("case", NAMES)
def test_a_hostile_name_is_told_in_one_line_and_shown_nowhere_else(home: Home, case: str) -> None:
    name, shown = NAMES[case]
    (home.inbox / "ashford" / name).write_bytes(b"a,b\n1,2\n")
    code, lines, _ = run("load")
    assert code == 1
    assert len(lines) == 1
    assert lines[0].startswith(f"lsi: inbox/ashford/{shown}: found a name that no layout")
    assert lines[0].isprintable()
    assert_only_the_rest_is_loaded(home, 6)
    for arguments in ((), ("--why", "ashford")):
        code, _, said = run("status", *arguments)
        assert code == 0
        assert not [
            mark for mark in ("cmd|", "<img", "all is well", "vsc", "config") if mark in said
        ]
