"""Workbooks and the open document: read back whole, safe to open, the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from small_project import make_project, render

from openlsi.report.data import Table
from openlsi.report.errors import ReportError
from openlsi.report.spreadsheets.number_codes import number_code
from openlsi.report.spreadsheets.open_document import to_ods
from openlsi.report.spreadsheets.sheets import Notes, names_of, sheet_of
from openlsi.report.spreadsheets.workbook import to_xlsx

TABLE = Table(
    ("name", "n", "n_mark", "share", "share_mark", "day", "open"),
    ("string", "number", "string", "number", "string", "date", "boolean"),
    (
        ("=HYPERLINK(1)", 1234567.125, None, 0.5, "p", "2026-10-01T00:00:00", True),
        ("Grüße & <b>", None, "c", None, None, None, None),
        ("\tcmd", -3, None, 2, None, "2026-10-02T13:30:00", False),
    ),
    "q",
)
TITLES = {"name": "@Name", "n": "Number", "share": "Share", "day": "Day", "open": "Open"}
SHEET = sheet_of("a.csv", TABLE, "Some: title/of [it]", "October", TITLES, {"Number": "=Counted"})
NOTES = Notes("Title", ("+44 made up",), (("[c]", "hidden"),), (("Number", "-Counted"),))
READ = [
    ["'@Name", "Number", "Share", "Share (symbol)", "Day", "Open"],
    ["'=HYPERLINK(1)", 1234567.125, 0.5, "[p]", "2026-10-01", "true"],
    ["Grüße & <b>", "[c]", "", "", "", ""],
    ["'\tcmd", -3, 2, "", "2026-10-02T13:30:00", "false"],
]


def with_calamine(data: bytes, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name).to_python()


def test_a_workbook_is_read_back() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(NOTES, [SHEET])))
    assert book.sheetnames == ["Notes", "Some title of it"]
    sheet = book["Some title of it"]
    rows = [["" if value is None else value for value in row] for row in sheet.values]
    assert [row[0] for row in rows[:2]] == ["Some: title/of [it]", "October"]
    assert rows[2:] == READ
    assert {cell.data_type for row in book["Notes"] for cell in row} <= {"s", "n"}
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n"}
    assert sheet.freeze_panes == "A4"


def test_an_open_document_is_read_back() -> None:
    data = to_ods(NOTES, [SHEET, SHEET])
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["Notes", "Some title of it", "Some title of it 2"]
    rows = with_calamine(data, "Some title of it 2")
    assert [row[0] for row in rows[:2]] == ["Some: title/of [it]", "October"]
    expected = [[" ".join(c.split()) if isinstance(c, str) else c for c in row] for row in READ]
    found = [[" ".join(c.split()) if isinstance(c, str) else c for c in row] for row in rows[2:]]
    assert found == expected
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        first = package.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert package.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
        assert b"formula" not in package.read("content.xml")


@pytest.mark.parametrize("write", [to_xlsx, to_ods])
def test_notes_list_sheets_symbols_and_definitions(write: Any) -> None:
    rows = with_calamine(write(NOTES, [SHEET]), "Notes")
    texts = [tuple(cell for cell in row if cell != "") for row in rows]
    assert [row for row in texts if row] == [
        ("Title",),
        ("'+44 made up",),
        ("Sheets",),
        ("Some title of it", "Some: title/of [it]"),
        ("Symbols",),
        ("[c]", "hidden"),
        ("Definitions",),
        ("Number", "'-Counted"),
    ]


@pytest.mark.parametrize("write", [to_xlsx, to_ods])
def test_no_clock_is_in_the_files(write: Any) -> None:
    data = write(NOTES, [SHEET])
    assert write(NOTES, [SHEET]) == data
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for name in {"docProps/core.xml", "meta.xml"} & set(package.namelist()):
            found = re.findall(rb"\d{4}-\d\d-\d\dT", package.read(name))
            assert set(found) <= {b"2000-01-01T"}


def test_control_characters_do_not_break_the_files() -> None:
    hostile = replace(SHEET, title="a\x0bb\ufffe", rows=((f"x\x0by\ud800{']]>'}</table:table>",),))
    data = to_ods(NOTES, [replace(hostile, heads=("h",), columns=("h",))])
    assert with_calamine(data, "a b")[-1] == ["xy]]></table:table>"]


def test_sheet_names_are_short_and_no_two_alike() -> None:
    long = "The same long title of more than thirty-one characters"
    names = names_of([long, long.upper(), "", "Notes", "a/b:c*?[d]", "'quoted'"])
    assert all(0 < len(name) <= 31 for name in names)
    assert len({name.lower() for name in names}) == 6
    assert names[2:] == ["Table", "Notes 2", "a b c d", "quoted"]


PAGE = """\
---
title: Fruit
description: What was picked.
---

```sql fruit
select * from published.fruit order by name
```

<DataTable data={fruit} title="All fruit" subtitle="In kilograms">
  <Column id=name title="Fruit" />
  <Column id=weight title="Weight" description="Weighed when picked" />
</DataTable>

<Checkbox name=heavy />

{#if inputs.heavy !== null}<DataTable data={fruit} title="Heavy" />{/if}
"""
SITE = """\
service_name: Orchard
footer: [Contains made-up figures.]
refreshed_sql: select date '2026-10-31' as d
notes_sql: select 'This is a demonstration.' as line union all select null
definitions_sql: >-
  select * from (values ('fruit_weight', 'Weight of fruit', 'Kilograms when picked.'),
  ('weight', 'Plain weight', 'As it is.'), ('price', 'Price', 'Not on this page.')) as t (a, b, c)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("orchard")
    pages = {"pages/fruit/index.md": PAGE, "site.yaml": SITE}
    render(make_project(folder / "p", pages), folder / "site")
    return folder / "site"


def test_a_hidden_value_is_in_no_cell_of_any_choice(tmp_path: Path) -> None:
    sql = (
        "create schema published; create table published.t as select * from "
        "(values ('a', 1.0, null), ('b', 987654.0, 'c')) as t (n, v, v_mark)"
    )
    page = (
        "```sql t\nselect * from published.t\n```\n\n```sql one\nselect * from published.t "
        "where n = '${inputs.n.value}'\n```\n\n<Dropdown name=n data={t} value=n />\n\n"
        "<DataTable data={t} totalRow=true />\n\n<DataTable data={one} totalRow=true />\n"
    )
    render(make_project(tmp_path / "p", {"pages/index.md": page}, sql), tmp_path / "site")
    for name in ("tables.xlsx", "statistics.ods"):
        data = (tmp_path / "site" / name).read_bytes()
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        cells = [
            cell for sheet in book.sheet_names for row in with_calamine(data, sheet) for cell in row
        ]
        assert cells.count("[c]") == 3 and not any("987" in str(cell) for cell in cells)
    assert "987" not in (tmp_path / "site/choices.js").read_text()


def test_a_pages_workbook_has_every_table_in_every_state(site: Path) -> None:
    data = (site / "fruit/tables.xlsx").read_bytes()
    names = CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
    assert names == ["Notes", "All fruit", "Heavy", "Heavy 2"]
    rows = with_calamine(data, "All fruit")
    assert rows == [
        ["All fruit", ""],
        ["In kilograms", ""],
        ["Fruit", "Weight"],
        ["Apple", 10],
        ["Pear", "[c]"],
        ["Quince", 3.5],
    ]
    assert with_calamine(data, "Heavy 2")[1][0] == "Heavy: yes"


def test_its_notes_say_source_date_symbols_and_what_columns_mean(site: Path) -> None:
    rows = with_calamine((site / "fruit/tables.xlsx").read_bytes(), "Notes")
    texts = [tuple(cell for cell in row if cell != "") for row in rows]
    for expected in (
        ("Fruit",),
        ("What was picked.",),
        ("This is a demonstration.",),
        ("Contains made-up figures.",),
        ("Data as of 2026-10-31",),
        ("[c]", "hidden to protect confidentiality"),
        ("Weight", "Weighed when picked"),
        ("Weight of fruit", "Kilograms when picked."),
    ):
        assert expected in texts
    # A column means one thing: the name with its table's word goes before the plain one.
    assert not any("Plain weight" in row for row in texts)
    assert not any("Price" in row for row in texts)


def test_the_sites_open_document_says_which_page_a_table_is_of(site: Path) -> None:
    data = (site / "statistics.ods").read_bytes()
    assert with_calamine(data, "All fruit")[1][0] == "Fruit – In kilograms"
    html = (site / "fruit/index.html").read_text()
    assert 'href="../statistics.ods"' in html and 'href="tables.xlsx"' in html
    listed = html.split('<details class="download-list">', 1)[1].split("</details>", 1)[0]
    assert '<a href="all-fruit.csv" download>All fruit</a>' in listed
    assert "Heavy: yes" in listed and listed.count("<li>") == 3
    assert 'class="downloads"' not in (site / "index.html").read_text()


def test_tables_of_a_templated_page_are_one_sheet_whose_first_column_names_the_page(
    tmp_path: Path,
) -> None:
    template = (
        "---\ntitle: Sort\nhide_title: true\n---\n\n```sql one\nselect name, weight, weight_mark "
        "from published.fruit where slug = '${params.slug}'\n```\n\n# {one[0].name}\n\n"
        "<DataTable data={one} title=Weight />\n\n"
        '<DataTable data={one} title="Of {one[0].name} alone" />\n'
    )
    index = "---\ntitle: Every sort\n---\n\n[a](/sorts/apple) [p](/sorts/pear)\n"
    pages = {"pages/sorts/index.md": index, "pages/sorts/[slug].md": template}
    render(make_project(tmp_path / "p", pages), tmp_path / "site")
    data = (tmp_path / "site" / "statistics.ods").read_bytes()
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names == [
        "Notes",
        "Weight",
        "Of Apple alone",
        "Of Pear alone",
    ]
    assert with_calamine(data, "Weight") == [
        ["Weight", "", ""],
        ["Every sort", "", ""],
        ["Sort", "Name", "Weight"],
        ["Apple", "Apple", 10],
        ["Pear", "Pear", "[c]"],
    ]
    own = (tmp_path / "site" / "sorts" / "pear" / "tables.xlsx").read_bytes()
    assert with_calamine(own, "Weight")[-1] == ["Pear", "[c]"]


@pytest.mark.parametrize(
    ("name", "sql", "message"),
    [
        ("definitions_sql", "select 1 as a", "must yield a name, a label and a definition"),
        ("notes_sql", "select 1 as a, 2 as b", "must yield one column of lines"),
    ],
)
def test_queries_of_the_site_are_checked(tmp_path: Path, name: str, sql: str, message: str) -> None:
    with pytest.raises(ReportError, match=f"^site.yaml:1: {name} {message}"):
        render(make_project(tmp_path / "p", {"site.yaml": f"{name}: {sql}\n"}), tmp_path / "site")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("£1,200", '"£"#,##0'),
        ("-£3.50", '"£"#,##0.00'),
        ("£0.9m", '"£"#,##0'),
        ("12.3%", "0.0%"),
        ("+7%", "0%"),
        ("1,180", "#,##0"),
        ("40", "#,##0"),
        ("101.4", "#,##0.0"),
        ("2026", "0"),
        ("-", ""),
    ],
)
def test_a_number_is_shown_as_on_the_page_but_in_ones(text: str, code: str) -> None:
    assert number_code(text) == code


CODES = {"n": '"£"#,##0', "share": "0.0%"}


def test_cells_have_their_columns_format() -> None:
    sheet = sheet_of("a.csv", TABLE, "A", "", TITLES, {}, codes=CODES)
    assert sheet.codes == ("", '"£"#,##0', "0.0%", "", "", "")
    cells = openpyxl.load_workbook(io.BytesIO(to_xlsx(NOTES, [sheet])))["A"][3]
    assert [cell.number_format for cell in cells[:3]] == ["General", '"£"#,##0', "0.0%"]
    data = to_ods(NOTES, [sheet])
    assert with_calamine(data, "A")[2][1:3] == [1234567.125, 0.5]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        content = package.read("content.xml").decode()
    for value, kind, style in (("1234567.125", "float", 0), ("0.5", "percentage", 1)):
        look = f'value-type="{kind}" office:value="{value}" table:style-name="number{style}"'
        assert look in content
    for part in (
        '<number:text>£</number:text><number:number number:decimal-places="0"',
        'number:decimal-places="1" number:min-integer-digits="1" number:grouping="false" />'
        "<number:text>%</number:text>",
    ):
        assert part in content


def test_a_page_hands_its_formats_to_its_tables_and_charts(tmp_path: Path) -> None:
    page = (
        "```sql fruit\nselect name, weight, weight as weight_gbp from published.fruit\n```\n\n"
        '<DataTable data={fruit} title="T">\n<Column id=name />\n'
        "<Column id=weight fmt=pct1 />\n<Column id=weight_gbp />\n</DataTable>\n\n"
        '<BarChart data={fruit} x=name y=weight title="C" yFmt=num2 />\n'
    )
    render(make_project(tmp_path / "project", {"pages/index.md": page}), tmp_path / "site")
    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "site" / "tables.xlsx").read_bytes()))
    formats = {
        sheet.title: {cell.number_format for row in sheet for cell in row if cell.data_type == "n"}
        for sheet in book
    }
    assert {"0.0%", '"£"#,##0'} <= formats["T"]
    assert "#,##0.00" in formats["C"]
