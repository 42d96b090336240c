"""Whatever bytes come: each row is accepted, set aside or structural, or the file is refused."""

from __future__ import annotations

import io
from collections import Counter
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openlsi.config import District
from openlsi.extract.delivery import Delivery
from openlsi.extract.layouts import Layout, load_layouts
from openlsi.extract.limits import FileLimits
from openlsi.extract.patterns import match_name
from openlsi.extract.reading import RawDelivery, read_delimited, read_tagged
from openlsi.extract.records import load_feed_definitions
from openlsi.extract.refusals import RefusedFileError
from openlsi.extract.session import Task, load_deliveries, open_session
from openlsi.extract.workbook import read_workbook_extract
from openlsi.home import Home
from openlsi.identity.keys import DistrictKeys, MasterKey

NOWHERE = Home(Path("/nonexistent"))
DEFINITIONS = load_feed_definitions(NOWHERE)
LAYOUTS = load_layouts(NOWHERE, DEFINITIONS)
SEVENOAKS = District(code="E07000111", name="Sevenoaks", slug="sevenoaks", feeds={})
NAMES = {
    "wide_cts": "CTR Awards - Sevenoaks - 2026-10.csv",
    "piped_cts": "E07000111.CTS.202610.txt",
    "workbook_cts": "sevenoaks-CTS-202610.xlsx",
}

# What breaks readers: quotation marks, line ends, delimiters, marks of encodings, other trailers.
PIECES = st.sampled_from(
    [
        b'"', b'""', b",", b"|", b"\n", b"\r", b"\r\n", b"\n\n", b"\x00", b"\x1f", b"\x85", b"\xa3",
        b"\xc2\xa3", b"\xff\xfe", b"\xef\xbb\xbf", b" ", b"", b"T|1|2345\r\n", b"T|2|4690\r\n",
        b"H|E07000111|202610|20261102T060000\r\n", b"C|", b"-", b"1e9", b"\xe2\x80\xa8", b"NaN",
    ]
)  # fmt: skip
EDITS = st.lists(
    st.tuples(
        st.integers(0, 3000), st.integers(0, 60), st.one_of(PIECES, PIECES, st.binary(max_size=4))
    ),
    max_size=4,
)
UNHURRIED = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
WHOLE_WAY = settings(UNHURRIED, max_examples=50)

AWARD = [
    "1000001", "50000001", "O'Brien", "Zoë", "20/04/1960", "AB123456C", "", "", "", "",
    "Pension Age", "N", "Y", "0", "1", "£30.00", "", "£23.45", "01/04/2025", "", "In payment",
    "£0.00", "£-1.50",
]  # fmt: skip
PIPED_AWARD = (
    "C|0{}|0500000001|O'Brien|Zoë|19600420|AB123456C|||||P|0|1|0|1|3000||2345|20250401||1|0|-150"
)


def wide_file() -> bytes:
    header = LAYOUTS["wide_cts"].files["extract"].all_columns
    rows = [",".join([f"{1000000 + n}", *AWARD[1:]]) for n in range(4)]
    return "".join(f"{line}\n" for line in [",".join(header), *rows]).encode("cp1252")


def piped_file() -> bytes:
    rows = [PIPED_AWARD.format(1000000 + n) for n in range(4)]
    lines = ["H|E07000111|202610|20261102T060000", *rows, "T|4|9380"]
    return "".join(f"{line}\r\n" for line in lines).encode()


def edited(content: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, piece in edits:
        at = place % (len(content) + 1)
        content = content[:at] + piece + content[at + length :]
    return content


def assert_rows_add_up(raw: RawDelivery) -> None:
    """Each physical row that is not structural stands in one table or among the broken."""
    numbers = [
        number for table in raw.tables.values() for number in table.rows["source_row"].to_pylist()
    ]
    numbers += [row.row for row in raw.broken]
    assert len(numbers) + raw.structural_rows == raw.physical_rows
    assert not [number for number, count in Counter(numbers).items() if count > 1]


def layout_with(name: str, **fields: object) -> Layout:
    return LAYOUTS[name].model_copy(update=fields)


@UNHURRIED
@given(EDITS, st.booleans(), st.sampled_from(["cp1252", "utf-8", "utf-16"]))
def test_a_delimited_file_with_anything_in_it(
    edits: list[tuple[int, int, bytes]], breaks: bool, encoding: str
) -> None:
    layout = layout_with("wide_cts", has_line_breaks_in_values=breaks, encoding=encoding)
    content = wide_file().decode("cp1252").encode(encoding)
    try:
        assert_rows_add_up(read_delimited(layout, "extract", "a.csv", edited(content, edits)))
    except RefusedFileError as refusal:
        assert str(refusal).startswith("a.csv: found ")


@UNHURRIED
@given(EDITS)
def test_a_tagged_file_with_anything_in_it(edits: list[tuple[int, int, bytes]]) -> None:
    try:
        assert_rows_add_up(read_tagged(LAYOUTS["piped_cts"], "a.txt", edited(piped_file(), edits)))
    except RefusedFileError as refusal:
        assert str(refusal).startswith("a.txt: found ")


@UNHURRIED
@given(st.binary(max_size=400))
def test_bytes_of_no_format_at_all_are_refused(content: bytes) -> None:
    for read in (
        lambda: read_delimited(LAYOUTS["wide_cts"], "extract", "a", content),
        lambda: read_tagged(LAYOUTS["piped_cts"], "a", content),
        lambda: read_workbook_extract(
            LAYOUTS["workbook_cts"], "extract", "a", content, FileLimits()
        ),
    ):
        with pytest.raises(RefusedFileError):
            read()


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.sampled_from(["=1/0", "=A1", "31/02/2025", "£23.45", "\x1f", "_x001F_", "#N/A"]),
)


def award_workbook(cells: dict[tuple[int, int], object], rows: int) -> bytes:
    """Return a support workbook of equal awards with some cells below the header replaced."""
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"in_memory": True})
    sheet = book.add_worksheet("Awards")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(3, 0, LAYOUTS["workbook_cts"].files["extract"].all_columns)
    sound = [
        "", "50000001", "O'Brien", "Zoë", "1960-04-20", "AB123456C", "", "", "", "", "Y", "N", "Y",
        0, 1, 30, "", 23.45, "2025-04-01", "", "Live", 0, -1.5,
    ]  # fmt: skip
    for row in range(rows):
        sheet.write_row(4 + row, 0, sound)
        sheet.write(4 + row, 0, f"{1000000 + row}")
    for (row, column), value in cells.items():
        if hasattr(value, "year"):
            sheet.write_datetime(4 + row, column, value, day)
        else:
            sheet.write(4 + row, column, value)
    book.close()
    return packed.getvalue()


REPLACED = st.dictionaries(st.tuples(st.integers(0, 6), st.integers(0, 24)), CELLS, max_size=6)


@settings(UNHURRIED, max_examples=100)
@given(REPLACED, EDITS)
def test_a_workbook_with_anything_in_it(
    cells: dict[tuple[int, int], object], edits: list[tuple[int, int, bytes]]
) -> None:
    content = edited(award_workbook(cells, rows=4), edits)
    try:
        assert_rows_add_up(
            read_workbook_extract(
                LAYOUTS["workbook_cts"], "extract", "a.xlsx", content, FileLimits()
            )
        )
    except RefusedFileError as refusal:
        assert str(refusal).startswith("a.xlsx: found ")


def assert_whole_way_adds_up(layout_name: str, content: bytes) -> None:
    """Load one file up to its line in the ledger, which adds up unless the file is refused."""
    with TemporaryDirectory() as folder:
        home = Home(Path(folder))
        path = home.inbox / "sevenoaks" / NAMES[layout_name]
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        layout = LAYOUTS[layout_name]
        facts = match_name(layout.files["extract"].pattern, path.name)
        assert facts is not None
        delivery = Delivery(
            layout_name, "cts", {"extract": path}, {path.name: facts}, len(content), home.inbox
        )
        keys = DistrictKeys(MasterKey(b"k" * 32, is_demo=True), SEVENOAKS.code, "k1")
        session = open_session(
            Task(home, SEVENOAKS, keys, {layout_name: layout}, {"cts": DEFINITIONS["cts"]},
                 [delivery], [], "500MB")
        )  # fmt: skip
        (outcome,) = load_deliveries(session, [delivery])
        session.close()
        written = [file for file in home.root.rglob("*") if file.is_file() and file != path]
    if outcome.refused is not None:
        assert written == []
        assert "do not add up" not in str(outcome.refused)
        return
    event = outcome.accepted
    assert event is not None
    assert (
        event["accepted_rows"] + event["quarantined_rows"] + event["structural_rows"]
        == (event["physical_rows"])
    )
    assert sum(one["rows"] for one in event["quarantine_reasons"]) == event["quarantined_rows"]
    assert sum(one["rows"] for one in event["records"]) == event["accepted_rows"]
    if layout_name == "piped_cts":
        trailer = int(content.split()[-1].split(b"|")[2])
        pounds = sum(Decimal(event[f"{name}_gbp"]) for name in ("accepted", "quarantined"))
        assert pounds + Decimal(event["unreadable_gbp"]) == Decimal(trailer) / 100


@WHOLE_WAY
@given(EDITS)
def test_a_delimited_file_all_the_way_to_the_ledger(edits: list[tuple[int, int, bytes]]) -> None:
    assert_whole_way_adds_up("wide_cts", edited(wide_file(), edits))


@WHOLE_WAY
@given(EDITS)
def test_a_tagged_file_all_the_way_to_the_ledger(edits: list[tuple[int, int, bytes]]) -> None:
    assert_whole_way_adds_up("piped_cts", edited(piped_file(), edits))


@WHOLE_WAY
@given(REPLACED)
def test_a_workbook_all_the_way_to_the_ledger(cells: dict[tuple[int, int], object]) -> None:
    assert_whole_way_adds_up("workbook_cts", award_workbook(cells, rows=4))


def shbe_file() -> bytes:
    header = LAYOUTS["shbe"].files["shbe"].all_columns
    told = {
        "1": "D", "4": "AB123456C", "8": "25/02/1955", "9": "4", "11": "DA1 1AA", "12": "1",
        "13": "1", "14": "0", "33": "1", "41": "18/03/2023", "43": "2657", "57": "14081",
        "123": "0", "77": "1200",
    }  # fmt: skip
    lines = [",".join(header)]
    for n in range(3):
        claim = told | {"2": f"70000000{n}"}
        member = {
            "1": "S",
            "2": f"70000000{n}",
            "308": "1",
            "309": f"XE00000{n}A",
            "315": "01/05/2018",
        }
        lines += [",".join(row.get(name, "") for name in header) for row in (claim, member)]
    return "".join(f"{line}\n" for line in [*lines, "T" + "," * (len(header) - 1)]).encode()


def universal_credit_file() -> bytes:
    award = (
        "A|{}||Rose|Neil|19910201|XE500006A|||||1 Oast Gardens|DA1 1AA|20260926|20261025|N|0|42490"
        "|0|0|0|0|0|43121|S|N|0|0|0|0|0|85611|3824|81787|Y"
    )
    references = [f"70200000000{n}" for n in range(3)]
    lines = ["H|E07000111|202610|20261103T061501", *(award.format(one) for one in references)]
    lines += [f"D|{one}|20260926|ADV|3824" for one in references]
    return "".join(f"{line}\r\n" for line in [*lines, "T|3|245361|3"]).encode()


RENT = {
    "accounts": "R{n},Secure,SEC,2020-11-08 00:00:00,,Sevenoaks,8{n},9902{n},104.52,0.00,False,",
    "tenants": "R{n},1,Julie,Jones,1940-09-30,1 Hop Lane,Sevenoaks,DA1 1AA",
    "balances": "R{n},-467.67,2026-10-31",
    "transactions": "R{n},{n},2026-10-02 00:00:00,DBR,-489.48,Basic Rent",
    "actions": "R{n},1,SLB,Letter Before Action,2026-06-08",
    "arrangements": "R{n},{n},2026-07-11,,weekly,16.00,live",
}


def rent_files() -> dict[str, bytes]:
    files = LAYOUTS["rentsense_rent"].files
    return {
        table: "".join(
            f"{line}\n"
            for line in [",".join(files[table].all_columns), *(row.format(n=n) for n in range(3))]
        ).encode()
        for table, row in RENT.items()
    }


@settings(UNHURRIED, max_examples=100)
@given(EDITS)
def test_a_file_of_several_kinds_of_rows_with_anything_in_it(
    edits: list[tuple[int, int, bytes]],
) -> None:
    try:
        assert_rows_add_up(
            read_delimited(LAYOUTS["shbe"], "shbe", "a.csv", edited(shbe_file(), edits))
        )
    except RefusedFileError as refusal:
        assert str(refusal).startswith("a.csv: found ")


def delivered(layout_name: str, sent: dict[str, bytes]) -> dict[str, Any] | None:
    """Load the files of one delivery; return its event, None where it is refused with nothing."""
    layout = LAYOUTS[layout_name]
    with TemporaryDirectory() as folder:
        home = Home(Path(folder))
        inbox = home.inbox / "sevenoaks"
        inbox.mkdir(parents=True)
        paths, facts = {}, {}
        for table, content in sent.items():
            name = layout.files[table].pattern.format_map(
                {"slug": "sevenoaks", "code": "E07000111", "yyyymm": "202610", "issue": ""}
            )
            paths[table] = inbox / name
            paths[table].write_bytes(content)
            found = match_name(layout.files[table].pattern, name)
            assert found is not None
            facts[name] = found
        delivery = Delivery(
            layout_name, layout.feed, paths, facts, sum(map(len, sent.values())), home.inbox
        )
        keys = DistrictKeys(MasterKey(b"k" * 32, is_demo=True), SEVENOAKS.code, "k1")
        session = open_session(
            Task(home, SEVENOAKS, keys, {layout_name: layout},
                 {layout.feed: DEFINITIONS[layout.feed]}, [delivery], [], "500MB")
        )  # fmt: skip
        (outcome,) = load_deliveries(session, [delivery])
        session.close()
        written = [file for file in home.root.rglob("*") if file.is_file()]
        if outcome.refused is not None:
            assert sorted(written) == sorted(paths.values())
            assert "do not add up" not in str(outcome.refused)
            return None
    assert outcome.accepted is not None
    return outcome.accepted


def assert_a_delivery_adds_up(layout_name: str, sent: dict[str, bytes]) -> None:
    """Hold every physical row of a delivery to be somewhere, unless it is refused."""
    event = delivered(layout_name, sent)
    if event is None:
        return
    counts = ("accepted", "quarantined", "structural", "other_month")
    assert sum(event.get(f"{name}_rows", 0) for name in counts) == event["physical_rows"]
    assert sum(one["rows"] for one in event["quarantine_reasons"]) == event["quarantined_rows"]


@pytest.mark.parametrize(
    ("layout_name", "sent"),
    [
        ("shbe", {"shbe": shbe_file()}),
        ("universal_credit", {"extract": universal_credit_file()}),
        ("rentsense_rent", rent_files()),
    ],
)
def test_before_anything_is_put_into_them_they_are_accepted_whole(
    layout_name: str, sent: dict[str, bytes]
) -> None:
    event = delivered(layout_name, sent)
    assert event is not None
    assert (event["quarantined_rows"], event["quarantine_reasons"]) == (0, [])
    assert event["accepted_rows"] == {"shbe": 6, "universal_credit": 6}.get(layout_name, 18)


@settings(UNHURRIED, max_examples=20)
@given(EDITS)
def test_several_kinds_of_rows_all_the_way_to_the_ledger(
    edits: list[tuple[int, int, bytes]],
) -> None:
    assert_a_delivery_adds_up("shbe", {"shbe": edited(shbe_file(), edits)})


@settings(UNHURRIED, max_examples=20)
@given(EDITS)
def test_universal_credit_all_the_way_to_the_ledger(edits: list[tuple[int, int, bytes]]) -> None:
    assert_a_delivery_adds_up(
        "universal_credit", {"extract": edited(universal_credit_file(), edits)}
    )


@settings(UNHURRIED, max_examples=20)
@given(st.sampled_from(sorted(RENT)), EDITS)
def test_a_set_of_files_all_the_way_to_the_ledger(
    table: str, edits: list[tuple[int, int, bytes]]
) -> None:
    sent = rent_files()
    assert_a_delivery_adds_up("rentsense_rent", sent | {table: edited(sent[table], edits)})
