"""Options that a page writes for the drawing engine itself: merged, plain, and fetching nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from charts_project import SQL
from small_project import refusal, render_page

QUERY = "```sql months\nselect * from published.months\n```\n\n"
CHART = "<LineChart data={months} x=month y=adults title=Adults "
PIE = (
    "<ECharts title=Shares config={{series: [{type: 'pie', name: 'Share', "
    "data: [{name: 'Ducks', value: 7}, {name: 'Geese', value: 3}]}]}} />"
)


def test_options_of_a_page_go_over_those_of_the_chart(tmp_path: Path) -> None:
    plain = render_page(tmp_path / "plain", QUERY + CHART + "/>", SQL)
    given = "echartsOptions={{yAxis: {name: 'People told', axisLabel: {fontSize: 19.5}}}} "
    own = render_page(tmp_path / "own", QUERY + CHART + given + "/>", SQL)
    assert "People told" not in plain and "People told" in own
    assert 'font-size="19.5px"' not in plain and 'font-size="19.5px"' in own
    # What is not named stays: the line, its points and what they say.
    assert re.findall(r"<title>[^<]*</title>", own) == re.findall(r"<title>[^<]*</title>", plain)


def test_options_of_series_go_over_each(tmp_path: Path) -> None:
    body = CHART.replace("y=adults", "y={['adults', 'cost_gbp']}")
    plain = render_page(tmp_path / "plain", QUERY + body + "/>", SQL)
    given = "seriesOptions={{lineStyle: {width: 9}}} "
    own = render_page(tmp_path / "own", QUERY + body + given + "/>", SQL)
    assert 'stroke-width="9"' not in plain
    assert own.count('stroke-width="9"') == 2 * 2  # two lines, drawn wide and narrow


def test_the_legend_shows_the_dashes_that_a_page_gives_its_lines(tmp_path: Path) -> None:
    body = (
        "<Chart data={months} x=month y=adults legend=true>\n"
        "  <Line y=adults name=Limit lineType=dotted />\n"
        "  <Line y=cost_gbp name=Middle lineType=solid />\n"
        "  <Line y=children name=Plain />\n"
        "</Chart>"
    )
    html = render_page(tmp_path, QUERY + body, SQL)
    keys = re.findall(r'dash-(\d)".*?</svg>\s*(?:<[^>]+>)*\s*(\w+)', html, re.DOTALL)
    # The third has none of its own: its place among the lines decides.
    assert keys == [("3", "Limit"), ("1", "Middle"), ("3", "Plain")]


def test_a_page_may_write_a_whole_option_and_its_figures_are_in_a_table(tmp_path: Path) -> None:
    html = render_page(tmp_path, PIE, SQL)
    assert html.count("<path") >= 2 * 2
    table = re.search(r"<table.*?</table>", html, re.DOTALL)
    assert table
    assert re.sub(r"<[^>]+>|\s+", " ", table[0]).split() == [
        "Name", "Share", "Ducks", "7", "Geese", "3",
    ]  # fmt: skip
    assert "Drawing of pie; its 2 rows are in the table below." in html


def test_figures_of_a_query_stand_in_the_table_of_a_written_option(tmp_path: Path) -> None:
    config = "{{xAxis: {data: months.map(row => row.month)}, yAxis: {}, series: [{type: 'bar', "
    config += "data: months.map(row => row.adults)}]}}"
    html = render_page(tmp_path, QUERY + f"<ECharts data={{months}} config={config} />", SQL)
    assert "<table" in html and "download" in html


REFUSED = [
    (CHART + "echartsOptions={{tooltip: {formatter: () => 'x'}}} />", "`formatter` is a function"),
    (CHART + "echartsOptions={{backgroundColor: {image: 'x'}}} />", "'image' has no place"),
    (CHART + "seriesOptions={{symbol: 'image://https://x.example/y.png'}} />", "fetches nothing"),
    (CHART + "echartsOptions={{yAxis: {axisLabel: {formatter: {$format: {}}}}}} />", "'$format'"),
    (CHART + "echartsOptions=wide />", "takes an object"),
    ("<ECharts />", "needs config="),
    ("<ECharts config={{title: {text: 'A'}}} />", "config needs series, each with a type"),
    ("<ECharts config={{series: [{type: 'bar'}]}} />", "config holds no data of its own"),
    (
        "<ECharts config={{series: [{type: 'scatter', data: [[1, 2]]}]}} />",
        "give data={query} too",
    ),
]


@pytest.mark.parametrize(("tag", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_what_is_not_plain_or_fetches_is_refused(tmp_path: Path, tag: str, message: str) -> None:
    assert message in refusal(tmp_path, QUERY + tag, SQL)
