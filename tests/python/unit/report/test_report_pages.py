"""What a page's syntax comes to: blocks, scopes, values, marks, tables and charts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_project import content_of, make_project, render_page

from openlsi.report.child import render_in_child
from openlsi.report.errors import ReportError
from openlsi.report.site import Request

FRUIT = "```sql fruit\nselect * from published.fruit order by name\n```\n\n"

SHOWN = [
    ("{1 + 1} and {'<b>'}", "<p>2 and &lt;b&gt;</p>"),
    ("{fruit.length} {fruit[0].name}", "<p>3 Apple</p>"),
    ("{fruit[0].weight}", "<p>10</p>"),
    ("{0.1 + 0.2}", "<p>0.30000000000000004</p>"),
    ("{fruit.filter(f => f.weight > 5).map(f => f.name).join(', ')}", "<p>Apple</p>"),
    ("{`a ${fruit[0].slug} b`}", "<p>a apple b</p>"),
    ("{fmt(fruit[0].weight, 'gbp2')}", "<p>£10.00</p>"),
    ("{fmt(fruit[0].picked_date, 'd mmm yyyy')}", "<p>1 Jan 2026</p>"),
    ("{fmt(fruit[1].weight, 'num0')}", "<p>-</p>"),
    ("{fruit.length > 2 ? 'many' : 'few'}", "<p>many</p>"),
    ("`{not.run}` and \\{x}", "<p><code>{not.run}</code> and {x}</p>"),
    ("a -- b --- c ...", "<p>a – b — c …</p>"),
    ("    four spaces", "<p>four spaces</p>"),
    ("{#if fruit.length > 9}a{:else if true}b{:else}c{/if}", "<p>b</p>"),
    ("{#if false}a{:else}c{/if} d", "<p>c d</p>"),
    ("x {#each fruit as f, i}{i}{f.slug};{/each} y", "<p>x 0apple;1pear;2quince; y</p>"),
    # As Svelte does, a block drops the space that it begins with.
    ("x{#if true} a b{/if}, {#each fruit as f} {f.slug}{/each}", "<p>xa b, applepearquince</p>"),
    ("{#each [] as f}a{:else}none{/each}", "<p>none</p>"),
    (
        "{#each fruit as f}{#each [1, 2] as n}{f.slug[0]}{n} {/each}{/each}",
        "<p>a1 a2 p1 p2 q1 q2 </p>",
    ),
    ("{#each fruit as f}\n\n- {f.slug}\n\n{/each}", "<li>apple</li> </ul>"),
    ("<a href='/#top'>x</a>\n\n## Top", '<a href="#top">x</a>'),
    ("## Head {fruit[0].slug}", '<h2 id="head-fruit0slug">Head apple</h2>'),
    (
        "**<Value data={fruit} column=weight />**",
        '<strong><span class="value">10.00</span></strong>',
    ),
    ("a | b\n--|--:\n1 | {fruit[0].slug}", '<td class="align-right">apple</td>'),
    ("<!-- {hidden} -->shown", "<p>shown</p>"),
    ("<Value data={fruit} column=weight row=1 />", '<span class="value value-mark">[c]</span>'),
    ("{$page.route.id}{metadata.unit}{unit}", "<p>/kgkg</p>"),
]


@pytest.mark.parametrize(("text", "expected"), SHOWN, ids=[case[0] for case in SHOWN])
def test_shown(tmp_path: Path, text: str, expected: str) -> None:
    html = render_page(tmp_path, f"---\nunit: kg\n---\n\n{FRUIT}{text}\n")
    assert expected in content_of(html)


def test_an_alias_is_not_known_outside_its_block(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="nothing here is called 'f'"):
        render_page(tmp_path, FRUIT + "{#each fruit as f}{f.slug}{/each} {f.slug}\n")


def test_line_ends_of_windows_change_nothing(tmp_path: Path) -> None:
    page = "---\ntitle: A\n---\n\n" + FRUIT + "{#if true}\n\nyes {fruit.length}\n\n{/if}\n"
    one = render_page(tmp_path / "a", page)
    project = make_project(tmp_path / "b/project", {})
    (project / "pages/index.md").write_bytes(page.replace("\n", "\r\n").encode())
    from small_project import render

    render(project, tmp_path / "b/site")
    assert one == (tmp_path / "b/site/index.html").read_text()


def test_a_table_prints_marks_and_explains_them(tmp_path: Path) -> None:
    html = render_page(tmp_path, FRUIT + "<DataTable data={fruit} totalRow=true />\n")
    content = content_of(html)
    assert "weight_mark" not in content.lower() and "Weight Mark" not in content
    assert re.search(r'cell-mark">\[c\]</td>', content)
    assert "[c] = hidden to protect confidentiality" in content
    assert "<dt>[c]</dt><dd>hidden to protect confidentiality</dd>" in content
    assert "13.5" not in content, "a total beside a hidden value would give it away"
    csv = (tmp_path / "site/table-fruit.csv").read_text("utf-8-sig")
    assert "Pear,pear,,c,2026-02-01" in csv


def test_a_mark_hides_a_value_that_is_there_all_the_same(tmp_path: Path) -> None:
    sql = (
        "create schema published; create table published.t as "
        "select 'a' as n, 987654.0 as v, 'c' as v_mark, 5 as w"
    )
    page = (
        "```sql t\nselect * from published.t\n```\n\n<BigValue data={t} value=v />\n\n"
        "<DataTable data={t} />\n\n"
        "<BarChart data={t} x=n y=v />\n"
    )
    html = render_page(tmp_path, page, sql)
    assert html.count("[c]") >= 4
    for path in (tmp_path / "site").rglob("*"):
        assert not path.is_file() or b"987" not in path.read_bytes(), path


def test_a_mark_of_quality_goes_with_its_value(tmp_path: Path) -> None:
    sql = (
        "create schema published; create table published.t as "
        "select 'a' as n, 12.0 as v, 'p' as v_mark"
    )
    page = (
        "```sql t\nselect * from published.t\n```\n\n<BigValue data={t} value=v />\n\n"
        "<DataTable data={t} />\n"
    )
    content = content_of(render_page(tmp_path, page, sql))
    assert content.count("12 [p]") == 2 and "[p] = provisional" in content


def test_a_chart_leaves_a_gap_says_why_and_shows_its_data(tmp_path: Path) -> None:
    html = render_page(
        tmp_path, FRUIT + '<LineChart data={fruit} x=picked_date y=weight title="Weights" />\n'
    )
    content = content_of(html)
    assert 'role="img"' in content and "<title id=" in content and "<desc id=" in content
    assert "Weight: lowest 3.50 (2026-03-01), highest 10.00 (2026-01-01)." in content
    assert "[c] = hidden to protect confidentiality" in content
    assert content.count('<svg class="drawing') == 2
    data = content.split('<details class="chart-data">', 1)[1].split("</details>", 1)[0]
    assert re.findall(r"<td[^>]*>([^<]*)</td>", data) == [
        "2026-01-01",
        "10.00",
        "2026-02-01",
        "[c]",
        "2026-03-01",
        "3.50",
    ]


def test_bars_go_by_size_unless_told_otherwise(tmp_path: Path) -> None:
    def order(props: str) -> list[str]:
        page = FRUIT + f"<BarChart data={{fruit}} x=slug y=weight {props} />\n"
        html = render_page(tmp_path / props, page)
        drawing = html.split('drawing-wide"', 1)[1].split("</svg>", 1)[0]
        return re.findall(r">(apple|pear|quince)</text>", drawing)

    assert order("swapXY=true") == ["apple", "quince", "pear"]
    assert order("swapXY=true sort=false") == ["apple", "pear", "quince"]


def test_an_empty_set_is_a_sentence_where_the_page_allows_it(tmp_path: Path) -> None:
    page = "```sql none\nselect * from published.nothing\n```\n\n"
    html = render_page(
        tmp_path, page + '<BarChart data={none} emptySet=pass emptyMessage="Nothing yet." />\n'
    )
    assert '<p class="empty">Nothing yet.</p>' in html and "<svg" not in html


def test_every_row_is_on_the_page_whatever_the_page_size(tmp_path: Path) -> None:
    html = render_page(tmp_path, FRUIT + "<DataTable data={fruit} rows=1 />\n")
    assert html.count("<tr>") == 4 and 'data-page-rows="1"' in html


def test_an_endless_expression_is_stopped_and_named(tmp_path: Path) -> None:
    project = make_project(
        tmp_path / "p", {"pages/index.md": "x\n\n{(() => { while (true) {} })()}\n"}
    )
    with pytest.raises(ReportError, match=r"pages/index.md:3: .*more than 3 seconds"):
        render_in_child(Request(project, tmp_path / "site"), step_seconds=3)
    assert not (tmp_path / "site").exists()


def test_the_child_returns_its_outcome_and_its_refusals(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p", {})
    assert render_in_child(Request(project, tmp_path / "site")).pages == 1
    (project / "pages/index.md").write_text("{nope}\n")
    with pytest.raises(ReportError, match=r"^pages/index.md:1: nothing here is called 'nope'"):
        render_in_child(Request(project, tmp_path / "site"))
