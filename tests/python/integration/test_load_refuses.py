"""Bad input: one plain line each, exit code 1, everything else loaded, nothing half-written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path

import openpyxl
import pytest
import typer
from load_homes import configure_districts, no_strays, parquet_content
from made_extracts import Award, Month, a_month, academy, piped, piped_cts, wide, workbook
from typer.testing import CliRunner

from openlsi.cli.load import register
from openlsi.extract.chain import Ledger
from openlsi.extract.loading import load
from openlsi.home import Home

OFFICIAL = Path(str(files("openlsi.synthesis"))) / "official"
ASHFORD = "inbox/ashford/ashford_ctax_202610_"
WIDE = "inbox/dartford/Council Tax Extract - Dartford - 2026-10.csv"
PIPED = "inbox/sevenoaks/E07000111.CTAX.202610.txt"
WORKBOOK = "inbox/tunbridge-wells/tunbridge-wells-CTS-202610.xlsx"
AGAIN = "ask the sender for it again"
SLUGS = (
    "ashford, canterbury, dartford, dover, folkestone-and-hythe, gravesham, maidstone, sevenoaks,"
    " swale, thanet, tonbridge-and-malling, tunbridge-wells, kent-education"
)
# Nothing that the made extracts say of people may reach the terminal or the ledger.
SAID_OF_PEOPLE = ("brien", "zo", "ab123456", "5000000", "1000001", "high street", "1960", "2345")

Change = Callable[[Path], object]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with six good deliveries in its inbox."""
    home = Home(tmp_path / "home")
    monkeypatch.setenv("LSI_HOME", str(home.root))
    send(home, a_month())
    return home


def send(home: Home, made: Month) -> None:
    academy(home.inbox / "ashford", "ashford", made)
    piped(home.inbox / "sevenoaks", "E07000111", made)
    piped_cts(home.inbox / "sevenoaks", "E07000111", made)
    wide(home.inbox / "dartford", "Dartford", made)
    workbook(home.inbox / "tunbridge-wells", "tunbridge-wells", made)


def run_load(*arguments: str) -> tuple[int, list[str]]:
    """Run `lsi load`; return its exit code and the lines on stderr."""
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, ["load", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stderr.splitlines()


def replaced(old: bytes, new: bytes) -> Change:
    def change(path: Path) -> None:
        content = path.read_bytes()
        assert old in content
        path.write_bytes(content.replace(old, new, 1))

    return change


def re_encoded(encoding: str, was: str = "utf-8") -> Change:
    return lambda path: path.write_bytes(path.read_bytes().decode(was).encode(encoding))


def cut(characters: int) -> Change:
    return lambda path: path.write_bytes(path.read_bytes()[:-characters])


def lines_kept(kept: slice) -> Change:
    return lambda path: path.write_bytes(b"".join(path.read_bytes().splitlines(True)[kept]))


def without_line(number: int) -> Change:
    def change(path: Path) -> None:
        lines = path.read_bytes().splitlines(True)
        path.write_bytes(b"".join(lines[:number] + lines[number + 1 :]))

    return change


def awards_changed(change: Callable[[openpyxl.worksheet.worksheet.Worksheet], object]) -> Change:
    def rewrite(path: Path) -> None:
        book = openpyxl.load_workbook(path)
        change(book["Awards"])
        book.save(path)

    return rewrite


MAPPED = "ask the sender, or map the new name in layout"
REFUSED: dict[str, tuple[str, Change, str]] = {
    "table set: a renamed column": (
        f"{ASHFORD}ctnotice.csv",
        replaced(b"notice_balance", b"balance_now"),
        "found no column notice_balance in row 1, but unknown columns notice_type, balance_now;"
        f" expected all 7 columns; {MAPPED} academy_council_tax",
    ),
    "table set: a missing column": (
        f"{ASHFORD}ctproperty.csv",
        replaced(b",postcode", b""),
        f"found no column postcode in row 1; expected all 6 columns; {MAPPED} academy_council_tax",
    ),
    "table set: a column twice": (
        f"{ASHFORD}ctproperty.csv",
        replaced(b"addr1,addr2", b"addr1,addr1,addr2"),
        "found column addr1 more than once in row 1; expected each column once;"
        " ask the sender which to use",
    ),
    "table set: no header, so nothing of the first line is quoted": (
        f"{ASHFORD}ctproperty.csv",
        lines_kept(slice(1, None)),
        "found no header in row 1 (6 column names are not in it); expected columns property_ref,"
        f" uprn, band_010493, addr1 and 2 more; {MAPPED} academy_council_tax",
    ),
    "table set: cut short in a row": (
        f"{ASHFORD}ctnotice.csv",
        cut(7),
        "found row 7 without a line end; expected a line end after the last row;"
        f" the file was cut short: {AGAIN}",
    ),
    "table set: empty": (
        f"{ASHFORD}ctnotice.csv",
        lambda path: path.write_bytes(b""),
        f"found an empty file; expected data; {AGAIN}",
    ),
    "table set: a header alone": (
        f"{ASHFORD}ctnotice.csv",
        lines_kept(slice(1)),
        f"found no rows under the header; expected rows; {AGAIN}",
    ),
    "table set: in another encoding": (
        f"{ASHFORD}ctaccount.csv",
        replaced("Zoë".encode(), "Zoë".encode("cp1252")),
        "found a byte that is not UTF-8 in row 2; expected UTF-8;"
        " ask the sender for utf-8, or set `encoding` in the layout",
    ),
    "table set: no text at all": (
        f"{ASHFORD}ctaccount.csv",
        lambda path: path.write_bytes(bytes(range(256)) * 9),
        f"found a NUL byte in row 1; expected plain text; {AGAIN}",
    ),
    "table set: in UTF-16, with its mark": (
        f"{ASHFORD}ctaccount.csv",
        re_encoded("utf-16"),
        "found text in UTF-16; expected utf-8;"
        " ask the sender for utf-8, or set `encoding` in the layout",
    ),
    "wide: in UTF-16, without its mark": (
        WIDE,
        re_encoded("utf-16-le", was="cp1252"),
        "found text in UTF-16; expected cp1252;"
        " ask the sender for cp1252, or set `encoding` in the layout",
    ),
    "wide: a renamed column": (
        WIDE,
        replaced(b"PY2 Balance", b"PY2 Bal"),
        "found no column PY2 Balance in row 1, but unknown column PY2 Bal; expected all 65"
        f" columns; {MAPPED} wide_council_tax",
    ),
    "wide: cut short": (
        WIDE,
        cut(100),
        "found row 4 without a line end; expected a line end after the last row;"
        f" the file was cut short: {AGAIN}",
    ),
    "wide: in another encoding": (
        WIDE,
        lambda path: path.write_bytes(path.read_bytes().decode("cp1252").encode()),
        "found text in UTF-8; expected cp1252; ask the sender for cp1252, or set `encoding` in"
        " the layout",
    ),
    "piped: a wrong count in the trailer": (
        PIPED,
        replaced(b"T|3|3|", b"T|4|3|"),
        "found 3 account lines; expected 4 by its trailer;"
        f" the file was cut short or changed: {AGAIN}",
    ),
    "piped: a wrong sum in the trailer": (
        PIPED,
        replaced(b"T|3|3|229632", b"T|3|3|329632"),
        "found £2,296.32 in balance lines; expected £3,296.32 by its trailer;"
        f" the file was cut short or changed: {AGAIN}",
    ),
    "piped: a line lost": (
        PIPED,
        without_line(4),
        "found 2 balance lines; expected 3 by its trailer;"
        f" the file was cut short or changed: {AGAIN}",
    ),
    "piped: cut short": (
        PIPED,
        cut(40),
        "found no trailer line at its end; expected a line T with 3 totals;"
        f" the file was cut short: {AGAIN}",
    ),
    "piped: cut short inside the trailer": (
        PIPED,
        cut(4),
        "found no trailer line at its end; expected a line T with 3 totals;"
        f" the file was cut short: {AGAIN}",
    ),
    "piped: no header": (
        PIPED,
        lines_kept(slice(1, None)),
        f"found no header line; expected H|district_code|yyyymm|produced_at; {AGAIN}",
    ),
    "piped: of another district by its header": (
        PIPED,
        replaced(b"H|E07000111", b"H|E07000105"),
        "found another district in its header line; expected Sevenoaks (E07000111), whose folder"
        " it is in; move it to the folder of the district that sent it",
    ),
    "piped: of another month by its header": (
        PIPED,
        replaced(b"|202610|", b"|202609|"),
        "found 2026-09 in its header line; expected 2026-10 as its name says;"
        " ask the sender which month it is",
    ),
    "workbook: a renamed column": (
        WORKBOOK,
        awards_changed(lambda sheet: sheet.__setitem__("R4", "Weekly support")),
        "found no column Weekly CTR in row 4, but unknown column Weekly support; expected all 23"
        f" columns; {MAPPED} workbook_cts",
    ),
    "workbook: rows moved down": (
        WORKBOOK,
        awards_changed(lambda sheet: sheet.insert_rows(1)),
        "found no header in row 4 (23 column names are not in it); expected columns Claim,"
        f" Account, Surname, Forenames and 19 more; {MAPPED} workbook_cts",
    ),
    "workbook: a renamed sheet": (
        WORKBOOK,
        awards_changed(lambda sheet: setattr(sheet, "title", "Sheet1")),
        "found no sheet Awards among its 2; expected sheet Awards;"
        " ask the sender for that sheet, or name it in the layout",
    ),
    "workbook: cut short": (
        WORKBOOK,
        cut(900),
        "found no readable workbook; expected an XLSX file;"
        " ask for the workbook again, saved as .xlsx without a password",
    ),
    "workbook: a CSV with its name changed": (
        WORKBOOK,
        lambda path: path.write_bytes(b"Claim,Account\n1,2\n"),
        "found no readable workbook; expected an XLSX file;"
        " ask for the workbook again, saved as .xlsx without a password",
    ),
}


def assert_nothing_left_of_it(home: Home) -> None:
    """Landing, quarantine and vault hold five extracts whole; no value reached the ledger."""
    ledger = Ledger.read(home)
    assert len(ledger.accepted()) == 5
    assert no_strays(home)
    named = {record["path"] for event in ledger.accepted() for record in event["records"]}
    assert set(parquet_content(home.landing)) == named
    text = home.ledger.read_text(encoding="utf-8").lower()
    reasons = [e["reason"] for e in ledger.entries if e["event"] == "extract_refused"]
    assert len(reasons) == 1
    assert not [said for said in SAID_OF_PEOPLE if said in reasons[0].lower()]
    assert not [said for said in ("brien", "ab123456", "high street") if said in text]


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_file_is_refused_whole_and_the_rest_is_loaded(home: Home, case: str) -> None:
    place, change, told = REFUSED[case]
    change(home.root / place)
    code, lines = run_load()
    assert lines == [f"lsi: {place}: {told}"]
    assert code == 1
    assert_nothing_left_of_it(home)


def test_a_refusal_stands_in_the_ledger_once_and_the_mended_file_loads(home: Home) -> None:
    path = home.root / PIPED
    sound = path.read_bytes()
    cut(40)(path)
    first = run_load()
    assert run_load() == first
    assert_nothing_left_of_it(home)
    path.write_bytes(sound)
    assert run_load() == (0, [])
    assert len(Ledger.read(home).accepted()) == 6


@pytest.mark.parametrize(
    "place",
    [
        "sevenoaks/letters/Tessaly Orla JG121316B.pdf", "Tessaly Orla JG121316B.pdf",
        "nowhere/Tessaly Orla JG121316B.csv", "sevenoaks/Tessaly Orla JG121316B.txt",
    ],
)  # fmt: skip
def test_a_file_named_after_somebody_is_told_and_its_name_not_kept(home: Home, place: str) -> None:
    path = home.inbox / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a letter")
    code, lines = run_load()
    assert code == 1
    assert [f"inbox/{place}" in line for line in lines] == [True]
    text = home.ledger.read_text(encoding="utf-8")
    assert "TESSALY" not in text.upper()
    assert "JG121316B" not in text
    (event,) = [e for e in Ledger.read(home).entries if e["event"] == "extract_refused"]
    folder = f"inbox/{place.split('/')[0]}" if "/" in place else "inbox"
    assert event["reason"].startswith(f"{folder}/(a name that is not kept): found ")


def test_a_set_with_a_file_missing_is_refused(home: Home) -> None:
    (home.root / f"{ASHFORD}ctnotice.csv").unlink()
    code, lines = run_load()
    assert code == 1
    assert lines == [
        f"lsi: {ASHFORD}ctaccount.csv: found 6 of the 7 files of its set;"
        " expected ashford_ctax_202610_ctnotice.csv too; ask the sender for the whole set"
    ]
    assert_nothing_left_of_it(home)


def test_files_of_no_district_are_refused_each_by_its_place(home: Home, tmp_path: Path) -> None:
    november = a_month(date(2026, 11, 1), rows=2)
    piped(home.inbox / "medway", "E06000035", november)
    piped(home.inbox / "sevenoaks", "E06000035", november)
    wide(home.inbox / "dartford" / "later", "Gravesham", november)
    (home.inbox / "loose.csv").write_text("a,b\n")
    (home.inbox / "ashford" / "ashford\nctax_ctaccount.csv").write_text("a,b\n")
    elsewhere = piped(tmp_path, "E07000111", november)
    (home.inbox / "sevenoaks" / elsewhere.name).symlink_to(elsewhere)
    (home.inbox / "dover").symlink_to(home.inbox / "ashford")
    code, lines = run_load()
    assert code == 1
    moved = "move it to the folder of the district that sent it"
    loose = "found a file in no district's folder; expected a folder a district, named by its slug"
    assert lines == [
        f"lsi: inbox/dover: {loose}; {moved}",
        f"lsi: inbox/loose.csv: {loose}; {moved}",
        "lsi: inbox/medway/E06000035.CTAX.202611.txt: found a folder that is no district's;"
        f" expected one of {SLUGS}; move the file, or add the district to districts.yml",
        "lsi: inbox/sevenoaks/E07000111.CTAX.202611.txt: found a symbolic link; expected a file;"
        " copy the file itself",
        "lsi: inbox/dartford/later/Council Tax Extract - Gravesham - 2026-11.csv: found Gravesham"
        f" in its name; expected Dartford (E07000107), whose folder it is in; {moved}",
        "lsi: inbox/sevenoaks/E06000035.CTAX.202611.txt: found E06000035 in its name; expected"
        f" Sevenoaks (E07000111), whose folder it is in; {moved}",
        "lsi: inbox/ashford/ashford?ctax_ctaccount.csv: found a name that no layout of this"
        " district has; expected a name such as ashford_ctax_202604_ctaccount.csv; rename the"
        " file, or write a layout for it",
    ]
    assert len(Ledger.read(home).accepted()) == 6


def test_what_file_managers_and_office_programs_leave_behind_is_no_file(home: Home) -> None:
    for name in ("Thumbs.db", "~$tunbridge-wells-CTS-202610.xlsx", "desktop.ini", ".DS_Store"):
        for folder in (home.inbox, home.inbox / "tunbridge-wells"):
            (folder / name).write_bytes(b"\0")
    (home.inbox / "ashford" / "__MACOSX").mkdir()
    (home.inbox / "ashford" / "__MACOSX" / "._one.csv").write_bytes(b"\0")
    assert run_load() == (0, [])
    assert len(Ledger.read(home).accepted()) == 6


def test_a_folder_with_a_files_name_is_refused(home: Home) -> None:
    name = Path(PIPED).name.replace("202610", "202611")
    (home.inbox / "sevenoaks" / name).mkdir()
    assert run_load() == (
        1,
        [f"lsi: inbox/sevenoaks/{name}: found a folder with a file's name; expected a file;"
         " put the file itself there, or rename the folder"],
    )  # fmt: skip
    assert len(Ledger.read(home).accepted()) == 6


def test_the_progress_of_a_load_ends_at_its_whole(home: Home) -> None:
    official = home.inbox / "official"
    official.mkdir()
    for name in ("council_taxbase_2022.ods", "council_tax_requirement_2022-23.xlsx"):
        (official / name).write_bytes((OFFICIAL / name).read_bytes())
    told: list[int] = []

    def begin(total: int) -> Callable[[int], None]:
        told.append(-total)
        return told.append

    assert load(home, begin=begin).refused == []
    assert sum(told) == 0


def test_a_file_that_may_not_be_read_is_refused(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home.inbox / "official").mkdir()
    (home.inbox / "official" / "levels.xlsx").write_bytes(b"PK")
    (home.inbox / "ashford" / "notes.txt").write_bytes(b"notes")
    closed = {"levels.xlsx", "notes.txt", Path(PIPED).name}
    read_bytes = Path.read_bytes

    def read_unless_closed(path: Path) -> bytes:
        # Root may read anything, so that permissions alone would not show this.
        if path.name in closed:
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", read_unless_closed)
    code, lines = run_load()
    assert code == 1
    assert lines == [
        f"lsi: {place}: found a file that cannot be read (Permission denied); expected a file that"
        " this user may read; set its permissions, or copy it here again"
        for place in (PIPED, "inbox/ashford/notes.txt", "inbox/official/levels.xlsx")
    ]
    assert len(Ledger.read(home).accepted()) == 5


def test_other_content_for_a_loaded_month_needs_to_be_declared(home: Home) -> None:
    assert run_load() == (0, [])
    loaded_on = Ledger.read(home).entries[0]["loaded_at"][:10]
    more = a_month(rows=4)
    send(home, Month(more.month, more.accounts, [*more.awards, Award("1000002", "500000009")]))
    before = home.ledger.read_bytes()
    code, lines = run_load()
    told = (
        f": found other content for 2026-10 than was loaded on {loaded_on}; expected a month once,"
        " or a later time of production; if it is a correction, load it with --reissue --why TEXT"
    )
    assert code == 1
    assert lines == [
        f"lsi: {place}{told}"
        for place in (
            f"{ASHFORD}ctaccount.csv",
            "inbox/ashford/ashford_cts_202610_hbclaim.csv",
            WIDE,
            PIPED,
            "inbox/sevenoaks/E07000111.CTS.202610.txt",
            WORKBOOK,
        )
    ]
    assert home.ledger.read_bytes().startswith(before)
    assert len(Ledger.read(home).accepted()) == 6

    assert run_load("--reissue", "--why", "late postings") == (0, [])
    reissued = Ledger.read(home).accepted()[6:]
    assert len(reissued) == 6
    assert {(event["is_reissue"], event["why"]) for event in reissued} == {(True, "late postings")}


def test_official_workbooks_that_cannot_be_read_are_refused(home: Home) -> None:
    official = home.inbox / "official"
    official.mkdir()
    for name in ("council_taxbase_2022.ods", "council_tax_requirement_2022-23.xlsx"):
        content = (OFFICIAL / name).read_bytes()
        (official / name).write_bytes(content[: len(content) * 2 // 3])
    workbook(official, "unknown", a_month())
    code, lines = run_load()
    assert code == 1
    starts = [
        "lsi: inbox/official/council_tax_requirement_2022-23.xlsx: cannot be opened as an ODS or"
        " XLSX workbook (",
        "lsi: inbox/official/council_taxbase_2022.ods: cannot be opened as an ODS or XLSX"
        " workbook (",
        "lsi: inbox/official/unknown-CTS-202610.xlsx: not a workbook that is known; nearest is ",
    ]
    ends = ["the file is cut short or of another kind: fetch it again as published"] * 2
    ends.append("if it should be read, write a layout for it")
    for line, start, end in zip(lines, starts, ends, strict=True):
        assert line.startswith(start)
        assert line.endswith(end)
    assert len(Ledger.read(home).accepted()) == 6
    assert no_strays(home)


def test_a_district_with_a_layout_that_is_none_stops_before_anything_is_read(home: Home) -> None:
    configure_districts(home, feeds={"council_tax": "acadamy_council_tax"})
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, ["load"])
    assert str(result.exception) == (
        "districts.yml: Ashford sends council_tax in layout acadamy_council_tax, which is not a"
        " layout of that feed; there are academy_council_tax, civica_council_tax,"
        " nec_council_tax, piped_council_tax, wide_council_tax"
    )
    assert not home.ledger.exists()
