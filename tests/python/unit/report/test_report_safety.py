"""Hostile values stay text: in pages, links, charts and CSV files."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from small_project import make_project, render

from openlsi.report.addresses import is_safe
from openlsi.report.csv_files import neutral, to_csv
from openlsi.report.data import UNPRINTABLE, Table
from openlsi.report.errors import ReportError

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "</script><script>alert(1)</script>",
    "\u202egnp.exe",
    "{7*7}",
    "<x-1> zqx1xqz",
    "'; drop table x; --",
    "</title></svg><script>alert(1)</script>",
    "data:text/html,<script>alert(1)</script>",
]

PAGE = """\
```sql bad
select * from published.bad order by n
```

{#each bad as row}

{row.name} <a href="{row.link}" title="{row.name}">{row.name}</a> <Value data={row} column=name />

{/each}

## X

<DataTable data={bad} link=link title="Names" search=true>
  <Column id=link contentType=link linkLabel=name />
  <Column id=name title="Plain" />
</DataTable>

<BigValue data={bad} value=name title="{bad[1].name}" link="{bad[2].name}" />

<BarChart data={bad} x=name y=n swapXY=true title="{bad[0].name}" subtitle="{bad[8].name}" />

<LineChart data={bad} x=n y=n series=kind title="Series" />

<ScatterPlot data={bad} x=n y=n tooltipTitle=name title="{bad[3].name}">

<Callout x=1 y=1 label="{bad[0].name}" />

</ScatterPlot>

<FunnelChart data={bad} nameCol=name valueCol=n title="{bad[1].name}" />

<Heatmap data={bad} x=kind y=name value=n title="{bad[5].name}" />

<AreaMap data={bad} geoJsonUrl="/bad.geojson" geoId=CD areaCol=name value=n />
"""


OWN_SCRIPT = re.compile(r"^(?:\.\./)*assets/(?:site|tables|sections|inputs)\.js$")


class Scripts(HTMLParser):
    """Collects what a browser would run or follow."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "script" and not OWN_SCRIPT.search(values.get("src") or ""):
            self.found.append("script")
        self.found += [name for name in values if name.startswith("on") or name == "style"]
        self.found += [
            v
            for v in values.values()
            if v and v.strip().startswith("javascript:") and v is values.get("href")
        ]
        if tag == "img":
            self.found.append("img")


def test_hostile_values_are_never_markup(tmp_path: Path) -> None:
    rows = ", ".join(
        "({}, '{}')".format(i, value.replace("'", "''")) for i, value in enumerate(HOSTILE)
    )
    sql = (
        "create schema published; create table published.bad as select n, name, "
        "case when n < 4 then name else 'kind' end as kind, "
        "case when n in (2, 9) then name else '/#x' end as link "
        f"from (values {rows}) as t (n, name)"
    )
    square = [[[0, 51], [1, 51], [1, 52], [0, 51]]]
    features = [
        {
            "properties": {"CD": found, "name": found},
            "geometry": {"type": "Polygon", "coordinates": square},
        }
        for found in (UNPRINTABLE.sub("", value) for value in HOSTILE)
    ]
    boundaries = json.dumps({"features": features, "attribution": HOSTILE[0]})
    files = {"pages/index.md": PAGE, "static/bad.geojson": boundaries}
    project = make_project(tmp_path / "p", files, sql)
    render(project, tmp_path / "site")
    html = (tmp_path / "site/index.html").read_text(encoding="utf-8")
    scripts = Scripts()
    scripts.feed(html)
    assert scripts.found == []
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "{7*7}" in html and ">49<" not in html and "\u202e" not in html


def test_a_link_from_data_to_no_page_is_refused(tmp_path: Path) -> None:
    page = "{#each ['<script>x</script>'] as p}<a href='/a/{p}'>x</a>{/each}\n"
    with pytest.raises(
        ReportError, match=r"pages/index.md:1: link .* cannot be part of an address"
    ):
        render(make_project(tmp_path / "p", {"pages/index.md": page}), tmp_path / "site")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "\u202ejavascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "file:///etc/passwd",
    ],
)
def test_unsafe_addresses(address: str) -> None:
    assert not is_safe(address)


@pytest.mark.parametrize(
    "address",
    ["/a/b", "a/b.csv", "#x", "../c", "https://x.example/y?z=1:2", "mailto:a@b.c", "/a:b"],
)
def test_safe_addresses(address: str) -> None:
    assert is_safe(address)


@pytest.mark.parametrize("text", ["=1+1", "+SUM(A1)", "-2+3", "@x", "\tx", "\rx", " =1+1"])
def test_a_formula_is_neutralised(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-12.5", "+3", "-0.1e5", "plain", "a-b", "2026-10"])
def test_numbers_and_words_are_kept(text: str) -> None:
    assert neutral(text) == text


def test_csv_keeps_numbers_dates_and_marks() -> None:
    table = Table(
        ("name", "n", "n_mark", "seen"),
        ("string", "number", "string", "date"),
        (("=cmd()", -1.5, None, "2026-10-01T00:00:00"), ("b", None, "c", None)),
    )
    assert to_csv(table) == (
        b"\xef\xbb\xbfname,n,n_mark,seen\r\n'=cmd(),-1.5,,2026-10-01\r\nb,,c,\r\n"
    )
