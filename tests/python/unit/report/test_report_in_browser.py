"""The scripts of a page in real Chromium, opened from disk under the page's own policy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from browser import drive
from small_project import make_project, render

SQL = """
create schema published;
create table published.areas as
select * from (values
    ('Ashford', 'North', 10, 'A'), ('Dover', 'North', 20, 'A'), ('Swale', 'South', 5, 'B'),
    ('Thanet', 'South', 100, 'B'), ('Medway', 'West', null, 'B')
) as areas (name, region, households, kind);
create table published.bad as
select name, n, case when n = 4 then name else '/' end as link from (values
    ('<script>alert(1)</script>', 1), ('"><img src=x onerror=alert(1)>', 2),
    ('</script><script>alert(1)</script>', 3), ('javascript:alert(1)', 4),
    (chr(8238) || 'gnp.exe', 5), ('<!--part 1--><img src=x onerror=alert(1)><!--/part 1-->', 6),
    ('</option></select><script>alert(1)</script>', 7), ('=cmd()', 8), (chr(8232) || '\\u003c', 9)
) as bad (name, n);
"""
PAGE = """\
---
title: Areas
---

```sql areas
select * from published.areas order by name
```

```sql chosen
select name, households from published.areas where region = '${inputs.region.value}' order by name
```

```sql regions
select region from published.areas order by region
```

<Dropdown name=region data={regions} value=region title="Region" />

<ButtonGroup name=kind>
  <ButtonGroupItem value=A default=true />
  <ButtonGroupItem value=B />
</ButtonGroup>

<Slider name=least max=100 step=50 />

<Checkbox name=more />

<Dropdown name=several multiple=true defaultValue=A>
  <DropdownOption value=A />
  <DropdownOption value=B />
</Dropdown>

Now **{inputs.region.label}**, kind {inputs.kind}, least {inputs.least},
several {inputs.several.label}.

{#if inputs.more}More of it.{:else}Less of it.{/if}

<DataTable data={chosen} title="Chosen" />

<BarChart data={chosen} x=name y=households title="Chosen drawn" emptySet=pass />

<DataTable data={areas} search=true totalRow=true rowNumbers=true rows=2 title="Every area">
  <Column id=name />
  <Column id=households title="Households of the area" />
  <Column id=region />
  <Column id=kind title="A title so long that it would push a narrow page aside" />
</DataTable>

<DataTable data={areas} groupBy=region groupsOpen=false subtotals=true title="Grouped" />

<Tabs>
<Tab label="First">

One.

</Tab>
<Tab label="Second">

<Details title="Folded">

Two.

</Details>

</Tab>
</Tabs>

<Modal title="Method">

By hand.

</Modal>

Words <Info description="explained" /> here.

<Accordion single=true>
<AccordionItem title="A">

Item A.

</AccordionItem>
<AccordionItem title="B">

Item B.

</AccordionItem>
</Accordion>
"""
BAD = """\
---
title: Hostile
---

```sql bad
select * from published.bad order by n
```

```sql kept
select * from published.bad where name = '${inputs.x.value}'
```

<Dropdown name=x data={bad} value=name title="{bad[1].name}" description="{bad[0].name}" />

<Dropdown name=y>
  <DropdownOption value={bad[6].name} />
  <DropdownOption value={bad[1].name} />
</Dropdown>

Now {inputs.x.label} and {inputs.y.value}.

<DataTable data={kept} title={inputs.x.label} groupBy=name search=true>
  <Column id=link contentType=link linkLabel=name />
  <Column id=n description="{bad[0].name}" colGroup="{bad[1].name}" />
</DataTable>

<Tabs>
{#each bad as row}
<Tab label={row.name} description={row.name}>

<Info description={row.name} /> <Link url={row.link} label={row.name} />

</Tab>
{/each}
</Tabs>

<Modal title={bad[0].name} buttonText={bad[1].name}>

{bad[2].name}

</Modal>

<Accordion>
<AccordionItem title={bad[2].name}>

x

</AccordionItem>
</Accordion>

<BigLink url={bad[3].name}>{bad[3].name}</BigLink>

<Image url={bad[3].name} description={bad[1].name} />
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    pages = {"pages/index.md": PAGE, "pages/bad/index.md": BAD}
    render(make_project(folder / "p", pages, SQL), folder / "site")
    return folder / "site"


def test_tables_are_searched_sorted_paged_and_folded(site: Path, tmp_path: Path) -> None:
    found = drive(
        site,
        tmp_path,
        """
        var figure = one("#every-area"), out = {};
        function names() {
          return all("tbody tr", figure).filter(seen)
            .map(function (row) { return words(row.cells[1]); });
        }
        out.first = names();
        one(".pager button:last-child", figure).click();
        out.second = names();
        set(one("input[type=search]", figure), "south");
        out.searched = names();
        out.status = words(one("p[role=status]", figure));
        out.total = seen(one("tfoot", figure));
        set(one("input[type=search]", figure), "");
        var heads = all("thead tr:last-child th", figure);
        out.buttons = heads.map(function (head) { return all("button", head).length; });
        one("button", heads[2]).click();
        one("button", heads[2]).click();
        out.sorted = names();
        out.numbers = all(".row-number", figure).filter(seen).map(words);
        out.aria = heads.map(function (head) { return head.getAttribute("aria-sort"); });
        var grouped = one("#grouped");
        out.folded = rows(grouped);
        var fold = one(".fold", grouped);
        out.expanded = [fold.getAttribute("aria-expanded")];
        fold.click();
        out.unfolded = rows(grouped);
        out.expanded.push(fold.getAttribute("aria-expanded"));
        return out;
        """,
    )
    assert found == {
        "first": ["Ashford", "Dover"],
        "second": ["Medway", "Swale"],
        "searched": ["Swale", "Thanet"],
        "status": "2 of 5 rows match",
        "total": False,
        "buttons": [0, 1, 1, 1, 1],
        "sorted": ["Thanet", "Dover"],
        "numbers": ["1", "2"],
        "aria": [None, "none", "descending", "none", "none"],
        "folded": [],
        "expanded": ["false", "true"],
        "unfolded": ["Ashford", "Dover"],
    }


def test_a_choice_changes_all_that_depends_on_it(site: Path, tmp_path: Path) -> None:
    found = drive(
        site,
        tmp_path,
        """
        var out = [];
        function now() {
          return [
            words(all(".content > p").filter(function (p) { return /^Now/.test(words(p)); })[0]),
            rows(one(".table-figure[id^=chosen]")).join(),
            all(".chart desc").map(words)[0] || words(one(".empty")),
            /More of it/.test(document.body.textContent),
            all(".table-figure[id^=chosen] .sort").length
          ];
        }
        out.push(now());
        set(one("[data-input=region] select"), "1");
        await later();
        out.push(now());
        set(all("[data-input=kind] input")[1], true);
        set(one("[data-input=least] input"), "2");
        set(one("[data-input=more] input"), true);
        set(all("[data-input=several] input")[1], true);
        await later();
        out.push(now());
        out.push(words(one("[data-input=least] output")));
        out.push(words(one("[data-input=several] .input-now strong")));
        set(one("[data-input=region] select"), "0");
        await later();
        out.push(now()[1]);
        var ids = all("[id]").map(function (node) { return node.id; });
        out.push(new Set(ids).size === ids.length);
        return out;
        """,
    )
    first, second, third, output, several, back, are_ids_unique = found
    assert first[0] == "Now North, kind A, least 0, several A."
    assert first[1] == "Ashford,Dover" and "highest 20" in first[2] and first[3:] == [False, 2]
    assert second[0] == "Now South, kind A, least 0, several A."
    assert second[1] == "Swale,Thanet" and "highest 100" in second[2] and second[4] == 2
    assert third[0] == "Now South, kind B, least 100, several A, B." and third[3] is True
    assert (output, several, back, are_ids_unique) == ("100", "A, B", "Ashford,Dover", True)


def test_the_address_brings_back_what_was_chosen(site: Path, tmp_path: Path) -> None:
    code = """
    await later();
    return [rows(one(".table-figure[id^=chosen]")).join(), one("[data-input=region] select").value,
      words(one("[data-input=more] .input-now strong"))];
    """
    assert drive(site, tmp_path, code, query="?region=1&more=1&nothing=2&kind=999") == [
        "Swale,Thanet",
        "1",
        "yes",
    ]


def test_tabs_dialogs_and_explanations_work_by_key(site: Path, tmp_path: Path) -> None:
    found = drive(
        site,
        tmp_path,
        """
        var out = {}, tabs = all("[role=tab]"), panels = all("[role=tabpanel]");
        function open() { return panels.map(function (panel) { return seen(panel); }); }
        out.first = open();
        press(tabs[0], "ArrowRight");
        out.second = open();
        out.focus = document.activeElement === tabs[1];
        out.stops = tabs.map(function (tab) { return tab.tabIndex; });
        press(tabs[1], "Home");
        out.home = open();
        location.hash = "second";
        await later();
        out.linked = open();
        var dialog = one("dialog");
        out.dialog = [dialog.open];
        one(".modal-box > button").click();
        out.dialog.push(dialog.open, words(one(".details-content", dialog)));
        one("button", dialog).click();
        out.dialog.push(dialog.open);
        var info = one(".info-button"), text = one(".info-text");
        out.info = [seen(text)];
        info.click();
        out.info.push(seen(text), info.getAttribute("aria-expanded"));
        var items = all(".accordion details");
        one("summary", items[0]).click();
        one("summary", items[1]).click();
        await later();
        out.single = items.map(function (item) { return item.open; });
        return out;
        """,
    )
    assert found == {
        "first": [True, False],
        "second": [False, True],
        "focus": True,
        "stops": [-1, 0],
        "home": [True, False],
        "linked": [False, True],
        "dialog": [False, True, "By hand.", False],
        "info": [False, True, "true"],
        "single": [False, True],
    }


@pytest.mark.parametrize("page", ["every-choice.html", "bad/index.html"])
def test_a_narrow_page_does_not_scroll_sideways(site: Path, tmp_path: Path, page: str) -> None:
    code = "return [window.innerWidth, document.documentElement.scrollWidth];"
    inner, scrolled = drive(site, tmp_path, code, page, width=320)
    assert inner == 320 and scrolled <= 320


def test_paper_shows_what_is_folded_and_hides_what_is_pressed(site: Path, tmp_path: Path) -> None:
    copy = tmp_path / "as_paper"
    shutil.copytree(site, copy)
    for name in ("site.css", "components.css"):
        sheet = copy / "assets" / name
        sheet.write_text(sheet.read_text().replace("@media print", "@media screen"))
    found = drive(
        copy,
        tmp_path,
        """
        window.dispatchEvent(new Event("beforeprint"));
        var hidden = [".tab-list", ".input-control", ".pager", ".table-search", ".downloads",
          ".info-button", ".modal-box > button"];
        var texts = ["One.", "Two.", "By hand.", "explained", "Item A.", "Item B."];
        texts.push("Region: North");
        return {
          rows: all("#every-area tbody tr").filter(seen).length,
          grouped: rows(one("#grouped")).length,
          unseen: texts.filter(function (text) {
            return !all("p, span").some(function (node) {
              return words(node).indexOf(text) >= 0 && seen(node);
            });
          }),
          pressed: hidden.filter(function (selector) { return all(selector).some(seen); }),
          head: getComputedStyle(one("#every-area thead")).display
        };
        """,
    )
    assert found == {
        "rows": 5,
        "grouped": 5,
        "unseen": [],
        "pressed": [],
        "head": "table-header-group",
    }


@pytest.mark.parametrize("page", ["bad/index.html", "bad/every-choice.html"])
def test_hostile_values_run_nothing_whatever_is_chosen(
    site: Path, tmp_path: Path, page: str
) -> None:
    code = """
    for (var select of all("select")) {
      for (var i = 0; i < select.options.length; i += 1) { set(select, String(i)); await later(); }
    }
    all("button").forEach(function (button) { if (!button.closest("dialog")) button.click(); });
    await later();
    return [
      all("img, iframe, object, embed").length, all("main script").length,
      all("a").filter(function (a) { return /^(javascript|data):/i.test(a.href); }).length,
      document.body.textContent.indexOf("\\u202e"),
      document.body.textContent.indexOf("<script>alert(1)</script>") >= 0
    ];
    """
    assert drive(site, tmp_path, code, page) == [0, 0, 0, -1, True]
