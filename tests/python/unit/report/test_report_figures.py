"""Single figures and the colours that a page gives: what they do here, or that they do nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import content_of, make_project, refusal, render, render_page

from openlsi import report
from openlsi.report.charts import palette

MOVES = (
    "create schema published; create table published.moves as select * from (values "
    "('a', 10.0, null), ('b', -4.0, null), ('c', 3.0, null)) as moves (name, change, change_mark)"
)
HIDDEN = (
    "create schema published; create table published.moves as select * from (values "
    "('a', 10.0, null), ('b', null, 'c')) as moves (name, change, change_mark)"
)
QUERY = "```sql moves\nselect * from published.moves order by name\n```\n\n"


@pytest.mark.parametrize(
    ("how", "text"),
    [("sum", "9"), ("avg", "3"), ("median", "3"), ("min", "-4"), ("max", "10")],
)
def test_a_value_is_an_aggregate_of_its_column(tmp_path: Path, how: str, text: str) -> None:
    page = f"{QUERY}<Value data={{moves}} column=change agg={how} fmt=num0 />\n"
    assert f'<span class="value">{text}</span>' in content_of(render_page(tmp_path, page, MOVES))


def test_an_aggregate_beside_a_hidden_value_would_tell_it_and_is_none(tmp_path: Path) -> None:
    page = QUERY + "<Value data={moves} column=change agg=sum fmt=num0 />\n"
    assert '<span class="value">-</span>' in content_of(render_page(tmp_path, page, HIDDEN))


def test_an_aggregate_needs_numbers_and_a_known_name(tmp_path: Path) -> None:
    words = f"{QUERY}<Value data={{moves}} column=name agg=sum />\n"
    assert "agg=sum needs numbers, but 'name' holds strings" in refusal(
        tmp_path / "a", words, MOVES
    )
    page = f"{QUERY}<Value data={{moves}} column=change agg=total />\n"
    assert "agg='total': choose sum, avg" in refusal(tmp_path / "b", page, MOVES)


def test_a_negative_value_is_red_where_the_page_says_so(tmp_path: Path) -> None:
    values = [
        f"<Value data={{moves}} column=change row={row} redNegatives=true />" for row in (0, 1)
    ]
    found = content_of(render_page(tmp_path, QUERY + " and ".join(values) + "\n", MOVES))
    assert found.count('class="value cell-negative"') == 1
    assert '<span class="value cell-negative">-4' in found


def test_a_value_takes_a_colour_of_the_site_and_no_other(tmp_path: Path) -> None:
    colours = ("#12436d", "#28A197", "red")
    values = "\n\n".join(f'<Value data={{moves}} column=change color="{c}" />' for c in colours)
    project = make_project(tmp_path / "p", {"pages/index.md": QUERY + values + "\n"}, MOVES)
    outcome = render(project, tmp_path / "site")
    html = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert html.count('class="value text-s1"') == 1 and html.count('class="value"') == 2
    assert [line.split(": ")[0] for line in outcome.warnings] == [
        "pages/index.md:7",
        "pages/index.md:9",
    ]
    assert all("<Value> color= changes nothing" in line for line in outcome.warnings)


def test_every_text_colour_has_its_style() -> None:
    css = (Path(report.__file__).parent / "static" / "components.css").read_text("utf-8")
    for colour in palette.DARK:
        assert f".text-{palette.class_of(colour)} {{" in css


def test_a_delta_takes_a_number(tmp_path: Path) -> None:
    page = QUERY + "Up <Delta value={moves[0].change - 3} fmt=num1 /> or <Delta value=-2.5 />.\n"
    found = content_of(render_page(tmp_path, page, MOVES))
    assert 'delta-good">7.0 <span aria-hidden="true">▲' in found
    assert 'delta-bad">-2.5 <span aria-hidden="true">▼' in found


def test_a_delta_needs_data_or_a_number(tmp_path: Path) -> None:
    assert "write data={…}, or value={…}" in refusal(tmp_path / "a", "A <Delta /> b.\n")
    assert "value='x' is not a number" in refusal(tmp_path / "b", "A <Delta value=x /> b.\n")


def charted(tmp_path: Path, props: str, inside: str = "") -> tuple[str, tuple[str, ...]]:
    """Return a page with a bar chart, and the warnings of its build."""
    chart = f"<BarChart data={{moves}} x=name y=change {props}>\n{inside}\n</BarChart>\n"
    project = make_project(tmp_path / "p", {"pages/index.md": QUERY + chart}, MOVES)
    outcome = render(project, tmp_path / "site")
    return (tmp_path / "site" / "index.html").read_text("utf-8"), outcome.warnings


def test_a_chart_takes_its_colours_in_order_from_the_page(tmp_path: Path) -> None:
    html, warnings = charted(tmp_path, "colorPalette={['#801650', '#F46A25']}")
    assert 'fill="#801650"' in html and 'fill="#12436D"' not in html
    assert warnings == ()


def test_colours_that_are_not_the_sites_are_said_to_change_nothing(tmp_path: Path) -> None:
    html, warnings = charted(tmp_path, "colorPalette={['#801650', '#ff0000']}")
    assert 'fill="#12436D"' in html
    (warning,) = warnings
    assert warning.startswith("pages/index.md:5: <BarChart> colorPalette= changes nothing")


def test_a_reference_takes_a_colour_of_the_site(tmp_path: Path) -> None:
    line = '<ReferenceLine y=5 label="Five" color="{}" />'
    html, warnings = charted(tmp_path / "a", "", line.format("#801650"))
    assert 'stroke="#801650"' in html and warnings == ()
    html, warnings = charted(tmp_path / "b", "", line.format("red"))
    assert 'stroke="#801650"' not in html
    assert [w.split(" changes")[0] for w in warnings] == [
        "pages/index.md:6: <ReferenceLine> color="
    ]


@pytest.mark.parametrize(
    "component",
    [
        "<DataTable data={moves}>\n<Column id=change contentType=bar barColor=red />\n</DataTable>",
        "<Heatmap data={moves} x=name y=name value=change colorScale=red />",
        "<Histogram data={moves} x=change colorPalette={['#801650', '#ff0000']} />",
    ],
)
def test_a_colour_without_effect_is_warned_of(tmp_path: Path, component: str) -> None:
    project = make_project(tmp_path / "p", {"pages/index.md": f"{QUERY}{component}\n"}, MOVES)
    (warning,) = render(project, tmp_path / "site").warnings
    assert "changes nothing: the colours are the site's" in warning


def test_without_a_date_of_the_data_last_refreshed_says_nothing_and_warns(tmp_path: Path) -> None:
    page = {"pages/index.md": "Before.\n\n<LastRefreshed prefix=Data />\n"}
    project = make_project(tmp_path / "p", page)
    (warning,) = render(project, tmp_path / "site").warnings
    assert warning.startswith("pages/index.md:3: <LastRefreshed> says nothing")
    assert "Data" not in content_of((tmp_path / "site" / "index.html").read_text("utf-8"))
