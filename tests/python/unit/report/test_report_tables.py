"""DataTable: groups, totals, content types; what is hidden cannot be worked out from a total."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_project import content_of, refusal, render_page

AREAS = """
create schema published;
create table published.areas as
select * from (values
    ('Ashford', 'North', 10, null, 4, -2.5, '/pic.svg', '<b>well</b><script>x()</script>',
        [{'m': 2, 'v': 5.0}, {'m': 1, 'v': 3.0}, {'m': 3, 'v': null}]),
    ('Dover', 'North', 20, null, 1, 7.5, '/pic.svg', '<img src=x onerror=y()>fair', []),
    ('Swale', 'South', null, 'c', 5, 0.0, 'https://x.example/a.png', '<i>open', [{'m': 1, 'v': 1}])
) as areas (name, region, households, households_mark, weight, balance, picture, words, trend);
"""
QUERY = "```sql areas\nselect * from published.areas\n```\n\n"


def table(tmp_path: Path, props: str, columns: str = "", **files: str) -> str:
    """Return the markup of one table of areas."""
    page = f"{QUERY}<DataTable data={{areas}} {props}>\n{columns}\n</DataTable>\n"
    more = {"static/pic.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>", **files}
    content = content_of(render_page(tmp_path, page, AREAS, **more))
    return content.split('<div class="table-figure"', 1)[1].split('<section class="downloads"', 1)[
        0
    ]


def rows_of(markup: str, part: str = "tbody") -> list[list[str]]:
    """Return the texts of the cells of a part of a table, row by row."""
    parts = re.findall(rf"<{part}>(.*?)</{part}>", markup)
    rows = [row for body in parts for row in re.findall(r"<tr[^>]*>(.*?)</tr>", body)]
    return [
        [
            " ".join(re.sub(r"<[^>]*>", "", cell).split())
            for cell in re.findall(r"<t[dh].*?</t[dh]>", r)
        ]
        for r in rows
    ]


NAMED = "<Column id=name />\n<Column id=balance fmt=num1 />\n<Column id=households fmt=num0 />"


def test_groups_have_a_head_their_rows_and_a_subtotal(tmp_path: Path) -> None:
    markup = table(tmp_path, "groupBy=region subtotals=true totalRow=true", NAMED)
    assert rows_of(markup) == [
        ["North (2)"],
        ["Ashford", "-2.5", "10"],
        ["Dover", "7.5", "20"],
        ["Subtotal", "5.0", "30"],
        ["South (1)"],
        ["Swale", "0.0", "[c]"],
        ["Subtotal", "0.0", "-"],
    ]
    # Total less one subtotal would be the other, hidden one.
    assert rows_of(markup, "tfoot") == [["Total", "5.0", "-"]]
    assert 'data-groups="open"' in markup and "data-page-rows" not in markup


def test_a_group_column_is_not_repeated_in_rows(tmp_path: Path) -> None:
    markup = table(tmp_path, "groupBy=region groupsOpen=false")
    assert 'data-groups="closed"' in markup and ">Region<" not in markup
    assert "data-groups" not in table(tmp_path / "s", "groupBy=region groupType=section")


TOTALS = [
    ("sum", "5.0"),
    ("mean", "1.7"),
    ("median", "0.0"),
    ("min", "-2.5"),
    ("max", "7.5"),
    ("count", "3"),
    ("countDistinct", "3"),
    ("weightedMean weightCol=weight", "-0.25"),
    ('"all of them"', "all of them"),
]


@pytest.mark.parametrize(("how", "expected"), TOTALS, ids=[how for how, _ in TOTALS])
def test_totals(tmp_path: Path, how: str, expected: str) -> None:
    tag = "num2" if "weighted" in how else "num1"
    columns = f"<Column id=name />\n<Column id=balance fmt={tag} totalAgg={how} />"
    assert rows_of(table(tmp_path, "totalRow=true", columns), "tfoot") == [["Total", expected]]


def test_a_mean_weighted_by_a_hidden_column_is_not_given(tmp_path: Path) -> None:
    columns = "<Column id=name />\n<Column id=balance totalAgg=weightedMean weightCol=households />"
    assert rows_of(table(tmp_path, "totalRow=true", columns), "tfoot") == [["Total", "-"]]


def test_columns_under_one_title(tmp_path: Path) -> None:
    columns = (
        "<Column id=name />\n<Column id=weight colGroup=Size />\n"
        '<Column id=households colGroup=Size description="At month end" />'
    )
    markup = table(tmp_path, "rowNumbers=true", columns)
    assert '<th scope="colgroup" colspan="2">Size</th>' in markup
    assert '<td></td><td colspan="1"></td><th scope="colgroup"' in markup
    assert '<span class="head-note">At month end</span>' in markup


def test_a_pictures_address_must_be_of_the_site(tmp_path: Path) -> None:
    markup = table(tmp_path, "", "<Column id=picture contentType=image alt=name />")
    assert '<img class="cell-image" src="pic.svg" alt="Ashford">' in markup
    assert "x.example" not in markup and ">Swale</td>" in markup


def test_markup_from_data_needs_leave_and_is_cut_down_to_words(tmp_path: Path) -> None:
    column = "<Column id=words contentType=html />"
    page = f"{QUERY}<DataTable data={{areas}}>\n{column}\n</DataTable>\n"
    message = refusal(tmp_path / "refused", page, AREAS)
    assert message.startswith("pages/index.md:5: ") and "html_columns in site.yaml" in message
    markup = table(tmp_path, "", column, **{"site.yaml": "html_columns: [words]\n"})
    assert "<b>well</b></td>" in markup and "<i>open</i></td>" in markup and ">fair</td>" in markup
    assert "x()" not in markup and "onerror" not in markup


def test_shades_follow_the_scale(tmp_path: Path) -> None:
    plain = table(tmp_path, "", "<Column id=balance contentType=colorscale />")
    assert re.findall(r"scale-\w\d", plain) == ["scale-s0", "scale-s6", "scale-s1"]
    middle = "<Column id=balance contentType=colorscale colorMid=0 />"
    assert re.findall(r"scale-\w\d", table(tmp_path / "m", "", middle)) == [
        "scale-d0",
        "scale-d6",
        "scale-d3",
    ]
    breaks = "<Column id=balance contentType=colorscale colorBreakpoints={[-10, 0, 10]} />"
    assert re.findall(r"scale-\w\d", table(tmp_path / "b", "", breaks)) == [
        "scale-d2",
        "scale-d6",
        "scale-d3",
    ]


def test_a_sparkline_says_what_it_draws_in_the_order_of_x(tmp_path: Path) -> None:
    column = "<Column id=trend contentType=sparkline sparkX=m sparkY=v />"
    markup = table(tmp_path, "", column)
    assert 'aria-label="Trend: from 3 to 5, 2 values"' in markup
    assert 'aria-label="Trend: no values"' in markup
    assert markup.count("<svg") == 3


def test_negatives_rows_and_numbers(tmp_path: Path) -> None:
    columns = "<Column id=balance redNegatives=true />"
    markup = table(tmp_path, 'rowNumbers=true sort="balance desc" compact=true', columns)
    assert rows_of(markup) == [["1", "7.50"], ["2", "0.00"], ["3", "-2.50"]]
    assert markup.count("cell-negative") == 1 and 'aria-sort="descending"' in markup
    assert 'class="data data-compact"' in markup


def test_a_format_may_come_from_a_column(tmp_path: Path) -> None:
    sql = (
        "create schema published; create table published.areas as select * from "
        "(values (1, 0.5, 'pct0'), (2, 7.0, 'gbp0'), (3, 7.25, null)) as t (n, v, how)"
    )
    page = (
        f"{QUERY}<DataTable data={{areas}}>\n<Column id=v fmt=num1 fmtColumn=how />\n</DataTable>\n"
    )
    markup = content_of(render_page(tmp_path, page, sql))
    assert rows_of(markup) == [["50%"], ["£7"], ["7.3"]]


def test_a_figure_that_is_not_seen_is_still_read_out(tmp_path: Path) -> None:
    columns = (
        "<Column id=balance contentType=bar hideLabels=true fmt=num1 />\n"
        "<Column id=weight contentType=delta showValue=false fmt=num0 />"
    )
    markup = table(tmp_path, "", columns)
    assert rows_of(markup) == [["-2.5", "▲ 4"], ["7.5", "▲ 1"], ["0.0", "▲ 5"]]
    assert markup.count('<span class="visually-hidden">') == 7


def test_words_may_be_shaded_by_another_column(tmp_path: Path) -> None:
    column = "<Column id=name contentType=colorscale scaleColumn=weight />"
    markup = table(tmp_path, "", column)
    assert re.findall(r"scale-\w\d", markup) == ["scale-s5", "scale-s0", "scale-s6"]


REFUSED = [
    ("groupBy=regoin", "", "no column 'regoin'; the nearest name is 'region'"),
    ("subtotals=true", "", "subtotals=true needs groupBy="),
    ("groupBy=region groupType=tree", "", "choose accordion, section"),
    ("", "<Column id=name contentType=lnk />", "choose link, image, html"),
    ("", "<Column id=balance totalAgg=weightedMean />", "needs weightCol="),
    ("", "<Column id=balance weightCol=wieght />", "no column 'wieght'"),
    ("", "<Column id=trend contentType=sparkline />", "needs sparkX=… and sparkY=…"),
    ("", "<Column id=trend contentType=sparkline sparkX=m sparkY=z />", "lists of records"),
    ("", "<Column id=name contentType=sparkbar sparkX=m sparkY=v />", "lists of records"),
    ("", "<Column id=name colorScal=x />", "no prop 'colorScal'"),
]


@pytest.mark.parametrize(("props", "column", "message"), REFUSED)
def test_refused(tmp_path: Path, props: str, column: str, message: str) -> None:
    page = f"{QUERY}<DataTable data={{areas}} {props}>\n{column}\n</DataTable>\n"
    found = refusal(tmp_path, page, AREAS)
    assert re.match(r"pages/index\.md:[56]: ", found) and message in found, found


def test_a_row_is_headed_by_the_name_that_it_begins_with(tmp_path: Path) -> None:
    query = "```sql fruit\nselect name, weight, slug from published.fruit\n```\n\n"
    named = content_of(render_page(tmp_path / "a", query + "<DataTable data={fruit} />\n"))
    assert named.count('<th scope="row"') == 3
    assert '<th scope="row" class="align-left">Apple</th>' in named
    column = "<DataTable data={fruit}>\n<Column id=weight />\n<Column id=name />\n</DataTable>\n"
    assert '<th scope="row"' not in render_page(tmp_path / "b", query + column)
