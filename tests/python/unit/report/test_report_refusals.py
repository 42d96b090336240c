"""What cannot be rendered is refused with file, line and the nearest name; never left blank."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import content_of, make_project, refusal, render, render_page

from openlsi.report.errors import ReportError

FRUIT = "```sql fruit\nselect * from published.fruit\n```\n\n"
NONE = "```sql none\nselect * from published.nothing\n```\n\n"

REFUSED = [
    ("<Sankey data={fruit} />", 5, "<Sankey> is not supported; the nearest name is"),
    ("<BarCart data={fruit} />", 5, "the nearest name is 'BarChart'"),
    ("<DataTable data={fruit} sarch=true />", 5, "no prop 'sarch'; the nearest name is 'search'"),
    (
        "<DataTable data={friut} />",
        5,
        "nothing here is called 'friut'; the nearest name is 'fruit'",
    ),
    ("<DataTable data=fruit />", 5, "is no query; write data={query}"),
    (
        "<BigValue data={fruit} value=wieght />",
        5,
        "no column 'wieght'; the nearest name is 'weight'",
    ),
    ("<BigValue data={fruit} />", 5, "<BigValue> needs value="),
    ("<Value data={fruit} column=weight row=9 />", 5, "row 9 does not exist"),
    (
        "<Value data={fruit} column=weight fmt=gpb0 />",
        5,
        "no such format; the nearest name is 'gbp0'",
    ),
    ('{fmt(10, "gpb0")}', 5, "'gpb0': no such format; the nearest name is 'gbp0'"),
    ('{fmt(fruit[0].picked_date, "shortdat")}', 5, "the nearest name is 'shortdate'"),
    ('{fmt(1, "pct9")}', 5, "'pct9': no such format; the nearest name is 'pct"),
    ('{fmt(1, "0.0 km")}', 5, "other letters in quotes"),
    ('{fmt(1, "£0")}', 5, "other letters in quotes"),
    ("{fmt(1, '\"£0')}", 5, "no such format"),
    ('{fmt(1, "ddd0")}', 5, "no such format"),
    (
        '<Value data={fruit} column=weight fmt="gbp-0" />',
        5,
        "fmt='gbp-0': no such format; the nearest name is 'gbp0'",
    ),
    ('<BarChart data={fruit} x=slug y=weight yFmt="qqq-zz" />', 5, "yFmt='qqq-zz': no such"),
    ("<LastRefreshed dateFmt=longdat />", 5, "the nearest name is 'longdate'"),
    ("{fruit[0].wieght}", 5, "no column 'wieght'; the nearest name is 'weight'"),
    ("{fruit[1].weight}", 5, "is null"),
    ("{fruit[0].picked_date}", 5, "is a date; print it with fmt"),
    ("{fruit[7].name}", 5, "does the query have that row?"),
    ("{fruit}", 5, "is a whole query"),
    ("{nope}", 5, "nothing here is called 'nope'"),
    ("{inputs.x.value}", 5, "no input of this page is called 'x'"),
    ("{1 +}", 5, "unexpected token"),
    ("{new Date().getFullYear()}", 5, "may not use the clock"),
    ("{Math.random()}", 5, "may not use random numbers"),
    ("{require('fs')}", 5, "nothing here is called 'require'"),
    ("{#each nothing as n}\nx\n{/each}", 5, "nothing here is called 'nothing'"),
    ("{#if true}\nx", 5, "{#if} is never closed"),
    ("x\n{/if}", 6, "belongs to no open block"),
    ("{#await x}", 5, "{#await …} is not supported"),
    ("{@html fruit[0].name}", 5, "{@html …} is not supported"),
    ("<Grid>\n\ntext", 5, "<Grid> is never closed"),
    ("text\n</Grid>", 6, "</Grid> closes nothing"),
    ("- a\n{#each fruit as f}\n\n- b\n\n{/each}", 6, "put a blank line before it"),
    ("a {#if true}b\n\nc{/if}", 5, "begins in one paragraph and ends in"),
    ("<script>\nlet a = 1;\n</script>", 5, "<script> is not supported"),
    ("1 < 2", 5, "bare `<`"),
    ("1 &lt; 2", 5, "`&lt;` in text breaks"),
    ("a { b", 5, "never closed"),
    ("[a](/x/{fruit[0].slug})", 5, "square brackets in the address"),
    ("| a |\n|---|\n{#each fruit as f}\n| {f.name} |\n{/each}", 7, "Markdown table"),
    ('<p style="color:red">x</p>', 5, "security policy forbids it"),
    ('<p onclick="x()">x</p>', 5, "security policy forbids it"),
    ("[a](javascript:alert(1))", 5, "not a safe address"),
    ("[a](/nowhere)", 5, "there is no such page"),
    ("[a](#nowhere)", 5, "no part called 'nowhere'"),
    ("text <BarChart data={fruit} /> text", 5, "stands inside a paragraph"),
    ("<Column id=name />", 5, "belongs inside <DataTable>"),
    ("<DataTable data={fruit}>\n<Value data={fruit} />\n</DataTable>", 6, "may not stand inside"),
    ("<BarChart data={fruit} x=picked_date y=weight swapXY=true />", 5, "swapXY needs names"),
    ("<BarChart data={fruit} x=slug y=name />", 5, "holds strings, not numbers"),
    ("<BarChart data={fruit} x=slug y=weight type=stack />", 5, "choose stacked, grouped"),
    ("<BarChart data={fruit} x=slug y=weight {...fruit} />", 5, "write the props out"),
    (
        "{fruit.where(`weight > 3`).length}",
        5,
        ".where() of query 'fruit' is not supported; the nearest is .filter(row => …)",
    ),
    ("{fruit.groupBy('slug')}", 5, "the nearest is group by in a query"),
    ("{#each fruit.limit(2) as f}\nx\n{/each}", 5, "the nearest is .slice(0, n)"),
    ('{@partial "gone.md"}', 5, "there is no partial 'gone.md'"),
]


@pytest.mark.parametrize(("text", "line", "message"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refused_with_file_and_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    found = refusal(tmp_path, FRUIT + text + "\n")
    assert found.startswith(f"pages/index.md:{line}: "), found
    assert message in found


@pytest.mark.parametrize("tag", ["BarChart", "LineChart", "DataTable", "BigValue value=weight"])
def test_an_empty_data_set_is_refused_unless_the_page_says_what_to_print(
    tmp_path: Path, tag: str
) -> None:
    message = refusal(tmp_path, f"{NONE}<{tag} data={{none}} />\n")
    assert message.startswith("pages/index.md:5: ") and "yielded no rows" in message


def test_a_failed_query_names_its_own_line(tmp_path: Path) -> None:
    page = "Text.\n\n```sql q\nselect name,\n  wieght\nfrom published.fruit\n```\n\n{q.length}\n"
    message = refusal(tmp_path, page)
    assert message.startswith("pages/index.md:5: query 'q' failed") and "wieght" in message


def test_an_unknown_table_names_the_nearest(tmp_path: Path) -> None:
    page = "```sql q\nselect * from published.friut\n```\n\n{q.length}\n"
    assert "the nearest name is 'fruit'" in refusal(tmp_path, page)


def test_front_matter_is_checked(tmp_path: Path) -> None:
    message = refusal(tmp_path, "---\ntitle: A\nsidebar: sometimes\n---\n\nx\n")
    assert message.startswith("pages/index.md:3: sidebar")
    assert "not YAML" in refusal(tmp_path / "b", "---\ntitle: [\n---\n\nx\n")


def test_an_error_in_a_partial_names_the_partial(tmp_path: Path) -> None:
    message = refusal(
        tmp_path,
        'One.\n\n{@partial "note.md"}\n\nTwo.\n',
        **{"partials/note.md": "Fine.\n\n{missing}\n"},
    )
    assert message.startswith("partials/note.md:3: ")


@pytest.mark.parametrize(
    ("column", "nearest"), [("price_gpb0", "gbp0"), ("share_pct9", "pct"), ("cost_gbp3k", "gbp")]
)
def test_a_format_misspelt_in_a_columns_name_is_refused(
    tmp_path: Path, column: str, nearest: str
) -> None:
    query = f"```sql q\nselect name, weight as {column} from published.fruit\n```\n\n"
    message = refusal(tmp_path, query + "<DataTable data={q} />\n")
    suffix = column.rpartition("_")[2]
    assert message.startswith("pages/index.md:5: <DataTable>: ")
    assert f"{suffix!r}: no such format; the nearest name is '{nearest}" in message


def test_a_column_whose_name_only_ends_in_a_word_is_no_format(tmp_path: Path) -> None:
    query = "select weight as weight_total, weight as of_a4 from published.fruit limit 1"
    page = render_page(tmp_path, f"```sql q\n{query}\n```\n\n<DataTable data={{q}} />\n")
    assert content_of(page).count(">10</td>") == 2


def test_a_format_that_a_column_holds_is_checked(tmp_path: Path) -> None:
    query = "```sql q\nselect name, weight, 'gpb2' as how from published.fruit\n```\n\n"
    table = "<DataTable data={q}>\n  <Column id=weight fmtColumn=how />\n</DataTable>\n"
    message = refusal(tmp_path, query + table)
    assert message.startswith("pages/index.md:5: ")
    assert "'gpb2': no such format; the nearest name is 'gbp2'" in message


def test_a_projects_own_format_is_checked(tmp_path: Path) -> None:
    formats = '{"customFormats": [\n{"formatTag": "miles", "formatCode": "0.0 miles"}\n]}\n'
    name = ".evidence/customization/custom-formatting.json"
    message = refusal(tmp_path, "x\n", **{name: formats})
    assert message.startswith(f"{name}:2: format 'miles': '0.0 miles': no such format")


def test_site_yaml_is_checked(tmp_path: Path) -> None:
    message = refusal(tmp_path, "x\n", **{"site.yaml": "service_name: A\nnotise: B\n"})
    assert message == "site.yaml:2: unknown key 'notise'; the nearest name is 'notice'"


def test_a_failed_render_leaves_the_old_site_in_place(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p", {})
    render(project, tmp_path / "out")
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    (project / "pages" / "index.md").write_text("{broken\n")
    with pytest.raises(ReportError):
        render(project, tmp_path / "out")
    after = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert before == after
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_folder_that_is_no_site_is_not_overwritten(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p", {})
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letters.txt").write_text("keep me")
    with pytest.raises(ReportError, match="no rendered site"):
        render(project, tmp_path / "out")
    assert (tmp_path / "out" / "letters.txt").read_text() == "keep me"
