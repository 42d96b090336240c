"""Names of metrics: a link to their definition, and the definition itself where one points."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from small_project import make_project, render

from browsing.accessibility import violations
from browsing.devtools import Tab, tab
from openlsi.report.errors import ReportError
from openlsi.report.glossary import Definition, Glossary

ROOT = Path(__file__).resolve().parents[4]
SQL = """
create schema published;
create table published.county_cts_month as
select * from (values
    (date '2026-01-01', 10, 900, 5), (date '2026-02-01', 12, 950, 6)
) as months (month, caseload_count, recognised_gbp, other);
create table published.terms as
select * from (values
    ('cts_caseload_count', 'Households with support', 'In payment at month end.'),
    ('spent', 'Support, accrued', '</script><img src=x onerror=alert(1)>')
) as terms (name, label, text);
"""
PAGE = """\
---
title: Home
---

```sql months
select * from published.county_cts_month order by month
```

```sql renamed
select month, recognised_gbp as cost from published.county_cts_month order by month
```

<BigValue data={months} value=caseload_count title="Caseload" />

<BigValue data={months} value=other title="Other" />

<DataTable data={months} title="By month">
  <Column id=month />
  <Column id=caseload_count title="Caseload" description="counted" />
  <Column id=recognised_gbp />
</DataTable>

<LineChart data={renamed} x=month y=cost title="Cost of support" />

<LineChart data={months} x=month y={['caseload_count', 'other']} title="Two things" />
"""
MEANINGS = """\
---
title: Meanings
---

```sql terms
select * from published.terms order by name
```

{#each terms as term}

<Details title={term.label}>

{term.text}

</Details>

{/each}
"""
SETTINGS = """\
definitions_sql: select name, label, text from published.terms
definitions_page: /meanings/
column_terms:
  cts_month.recognised_gbp: spent
  cost: spent
"""


def project(folder: Path, settings: str = SETTINGS) -> Path:
    pages = {"pages/index.md": PAGE, "pages/meanings.md": MEANINGS, "site.yaml": settings}
    return make_project(folder / "project", pages, SQL)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("terms")
    render(project(folder), folder / "site")
    return folder / "site"


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with tab(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def test_names_are_links_to_where_they_are_defined(site: Path) -> None:
    html = (site / "index.html").read_text(encoding="utf-8")
    found = re.findall(r'<a class="term" href="([^"]*)" data-term="([^"]*)">([^<]*)</a>', html)
    households = ("meanings/index.html#households-with-support", "cts_caseload_count")
    spent = ("meanings/index.html#support-accrued", "spent")
    assert found == [
        (*households, "Caseload"),
        (*households, "Caseload"),
        (*spent, "Recognised Gbp"),
        (*spent, "Cost of support"),
        (*spent, "Cost"),
        (*households, "Caseload Count"),
    ]
    meanings = (site / "meanings/index.html").read_text(encoding="utf-8")
    assert re.search(r'<details class="details" id="support-accrued">\s*<summary>Sup', meanings)


def test_the_script_of_definitions_holds_texts_and_no_markup(site: Path) -> None:
    script = (site / "definitions.js").read_text(encoding="utf-8")
    assert "<" not in script
    assert json.loads(script.split("=", 1)[1].rstrip().rstrip(";")) == {
        "cts_caseload_count": "In payment at month end.",
        "spent": "</script><img src=x onerror=alert(1)>",
    }


TIP = """
var tip = document.getElementById("term-tip"), found = document.querySelector("[aria-describedby]");
return tip.checkVisibility()
  ? [tip.textContent, found && found.getAttribute("aria-describedby"), found && found.textContent]
  : null;
"""
CENTRE = """
var box = document.querySelector("SELECTOR").getBoundingClientRect();
return [box.left + box.width / 2, box.top + box.height / 2];
"""


def pause(window: Tab) -> None:
    window.run("await new Promise(function (done) { setTimeout(done, 450); })")


def test_focus_shows_a_definition_and_escape_puts_it_away(site: Path, window: Tab) -> None:
    window.open((site / "index.html").as_uri())
    assert window.run(TIP) is None
    window.run("document.querySelector('.big-value .term').focus()")
    assert window.run(TIP) == ["In payment at month end.", "term-tip", "Caseload"]
    window.key("Escape")
    assert window.run(TIP) is None
    assert window.run("return document.activeElement.className") == "term"
    window.run("document.querySelectorAll('.sort[data-term]')[1].focus()")
    assert (window.run(TIP) or [""])[0] == "</script><img src=x onerror=alert(1)>"
    window.key("Tab")
    assert window.run(TIP) is None
    assert window.run("return document.querySelectorAll('#term-tip img, button a').length") == 0
    assert window.problems() == []


def test_the_pointer_shows_a_definition_and_may_move_on_to_it(site: Path, window: Tab) -> None:
    window.open((site / "index.html").as_uri())
    window.point(*window.run(CENTRE.replace("SELECTOR", ".big-value .term")))
    assert window.run(TIP) is not None
    window.point(*window.run(CENTRE.replace("SELECTOR", "#term-tip")))
    pause(window)
    assert window.run(TIP) is not None
    window.point(2, 2)
    pause(window)
    assert window.run(TIP) is None


def test_a_definition_stays_on_a_narrow_screen_and_off_the_paper(site: Path, window: Tab) -> None:
    for width in (320, 1280):
        window.open((site / "index.html").as_uri(), width)
        window.run("document.querySelector('figcaption .term').focus()")
        box = window.run(
            "var b = document.getElementById('term-tip').getBoundingClientRect();"
            "return [b.left, b.right, b.top, b.bottom, document.documentElement.clientWidth]"
        )
        assert 0 <= box[0] < box[1] <= box[4] <= width and 0 <= box[2] < box[3] <= 900
    window.see(1280, medium="print")
    assert window.run(TIP) is None
    line = "return getComputedStyle(document.querySelector('.term')).textDecorationLine"
    assert window.run(line) == "none"


def test_a_link_to_a_folded_definition_unfolds_it(site: Path, window: Tab) -> None:
    window.open((site / "index.html").as_uri())
    window.run("document.querySelector('.big-value .term').focus()")
    window.key("Enter")
    window.run("await new Promise(function (done) { setTimeout(done, 300); })")
    opened = "return Array.from(document.querySelectorAll('details.details')).map(d => d.open)"
    assert window.run("return document.title").startswith("Meanings")
    assert window.run(opened) == [True, False]


def test_without_scripts_a_name_is_a_link_that_unfolds_its_definition(
    site: Path, window: Tab
) -> None:
    window.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        window.open((site / "index.html").as_uri())
        assert window.run("return document.getElementById('term-tip')") is None
        window.open(window.run("return document.querySelector('.big-value .term').href"))
        shown = "return Array.from(document.querySelectorAll('.details-content p')).map(p =>"
        shown += " p.checkVisibility({ contentVisibilityAuto: true }) && p.offsetHeight > 0)"
        assert window.run(shown) == [True, False]
    finally:
        window.send("Emulation.setScriptExecutionDisabled", value=False)


def test_axe_finds_nothing_on_pages_with_terms(site: Path, window: Tab) -> None:
    assert violations(window, site / "index.html") == []
    assert violations(window, site / "meanings/index.html") == []


def test_a_term_that_nothing_defines_is_refused(tmp_path: Path) -> None:
    folder = project(tmp_path, SETTINGS.replace("cost: spent", "cost: spend"))
    with pytest.raises(ReportError, match=r"site.yaml:5: .*cost: nothing defines 'spend'; .*spent"):
        render(folder, tmp_path / "site")


def test_a_definition_without_a_part_on_the_page_is_refused(tmp_path: Path) -> None:
    folder = project(tmp_path)
    page = folder / "pages/meanings.md"
    page.write_text(page.read_text().replace("order by name", "where name = 'spent'"))
    with pytest.raises(ReportError, match="no part called 'households-with-support'"):
        render(folder, tmp_path / "site")


def test_a_declared_name_goes_before_one_that_only_looks_alike() -> None:
    looks = Definition("uc_award_gbp", "Awards", "a")
    declared = Definition("uc_month_award_gbp", "Awards of the month", "b")
    glossary = Glossary((looks, declared), "/m/", {"uc_month.award_gbp": "uc_month_award_gbp"})
    assert glossary.of_column("award_gbp", ["county_uc_month"]) == declared
    assert glossary.of_column("award_gbp", ["county_uc_other"]) == looks
    assert glossary.of_column("award_gbp", ["county_cts_month"]) is None


def test_every_published_column_has_the_definition_of_the_metric_it_is_made_from() -> None:
    # A metric that measures another again for other places has that one's definition.
    metrics = {
        metric["name"]: metric["config"]["meta"].get("same_as", metric["name"])
        for path in (ROOT / "models/metrics").glob("*.yml")
        for metric in yaml.safe_load(path.read_text()).get("metrics") or []
    }
    assert set(metrics.values()) <= metrics.keys()
    declared = yaml.safe_load((ROOT / "reports/site.yaml").read_text())["column_terms"]
    definitions = tuple(Definition(name, name, name) for name in sorted({*metrics.values()}))
    glossary = Glossary(definitions, "/definitions/", declared)
    wrong, right, used = [], 0, set()
    for path in (ROOT / "scripts/openlsi/config/defaults/disclosure").glob("*.yml"):
        table = yaml.safe_load(path.read_text())
        for column in table.get("columns", []):
            name = str(table["table"])
            used |= {key for key in declared if f"_{name}.{column['name']}".endswith(f"_{key}")}
            source = column.get("source")
            if source not in metrics or column["kind"] in ("label", "key"):
                continue
            found = glossary.of_column(column["name"], [table["table"]])
            if found is None or found.name != metrics[source]:
                wrong.append((table["table"], column["name"], found, source))
            right += found is not None
    assert wrong == [] and right > 200
    # A key for a column that is not published would be a leftover.
    assert {key for key in declared if "." in key} == used
